import type { Side } from './observe/observer.ts';

/** Certificates and keys in PEM, as read. */
export interface TlsFiles {
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
  readonly ca: Buffer | null;
}

export interface Target {
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
  /** host:port, lower case. */
  readonly address: string;
  readonly tls: TlsFiles;
  /** Takes any certificate. */
  readonly isInsecure: boolean;
}

/** One listening port and where it leads. Times in milliseconds; 0: no limit. */
export interface RouteSettings {
  readonly side: Side;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls: TlsFiles | null;
  readonly target: Target;
  /** What the Host header says to the target; null: what the caller said. */
  readonly host: string | null;
  readonly rewritesWsdl: boolean;
  /** Asked of the target besides the connection, such as /service?wsdl. */
  readonly probePath: string | null;
  readonly probeMillis: number;
  readonly connectMillisMax: number;
  readonly replyMillisMax: number;
  readonly idleMillisMax: number;
  readonly connectionsMax: number;
}

/** A service and what it calls: one reporter. */
export interface ServiceSettings {
  readonly name: string | undefined;
  readonly machine: string | undefined;
  readonly advertise: string | undefined;
  readonly routes: readonly RouteSettings[];
}

export interface ProxySettings {
  readonly monitor: string | undefined;
  readonly key: string | undefined;
  /** A folder in which reports wait for a monitor that is away; undefined: what the environment says. */
  readonly spool: string | undefined;
  readonly spoolBytesMax: number | undefined;
  readonly services: readonly ServiceSettings[];
  /** So long calls in flight are waited for when it is told to end. */
  readonly drainMillis: number;
}
