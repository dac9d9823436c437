import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { REPORT_LIMITS } from '@soa-monitor/protocol';
import { type BodySettings, type CapturePlan, planCapture } from './body/body-settings.ts';
import { nameOfProcess } from './process-name.ts';
import { attempt } from './tap/guarded.ts';

/** What is left out comes from the environment, then from the defaults. */
export interface InterceptorSettings {
  /** The monitor's base URL, such as http://localhost:4600 (SOA_MONITOR_URL). Without it the interceptor does nothing. */
  readonly monitor?: string | undefined;
  /** The ingest key (SOA_MONITOR_KEY). It also proves the monitor's pings. */
  readonly key?: string | undefined;
  /** The name of this server or client (SOA_MONITOR_NAME); else that of the script or its package. */
  readonly name?: string | undefined;
  /** The machine to show it on (SOA_MONITOR_MACHINE); else the host's name. */
  readonly machine?: string | undefined;
  /** host:port under which callers know this process (SOA_MONITOR_ADVERTISE), when it is not the one it listens on. */
  readonly advertise?: string | undefined;
  /** Rows that wait for the monitor, at most; then the oldest are dropped and counted. */
  readonly maxQueueRows?: number | undefined;
  /** Their memory, at most, in bytes. */
  readonly maxQueueBytes?: number | undefined;
  /** A folder in which rows wait for a monitor that is away (SOA_MONITOR_SPOOL), also over the end of the process; else memory alone. */
  readonly spool?: string | undefined;
  /** Its files, at most, in bytes (SOA_MONITOR_SPOOL_BYTES); then the oldest are dropped and counted. */
  readonly maxSpoolBytes?: number | undefined;
  /**
   * Whose bodies are captured, and what is taken out of them first. None by default. SOA_MONITOR_BODIES names paths and
   * operations (`/bank,/airline#book`), SOA_MONITOR_REDACT more names to take out.
   */
  readonly bodies?: BodySettings | undefined;
  /** False (SOA_MONITOR_PATCH=false): nothing is patched; only what is observed explicitly is reported. */
  readonly patch?: boolean | undefined;
  /**
   * Destinations, each host:port, to which calls made while serving a request with a `traceparent` carry it on
   * (SOA_MONITOR_PASS_TRACEPARENT, a comma between them). No other call ever gets a header.
   */
  readonly passTraceparent?: readonly string[] | undefined;
}

export interface ResolvedSettings {
  readonly reports: URL;
  readonly key: string | null;
  readonly name: string;
  readonly machine: string;
  readonly advertise: string | null;
  readonly queueRowsMax: number;
  readonly queueBytesMax: number;
  /** Absolute. Null: no file is ever touched. */
  readonly spool: string | null;
  readonly spoolBytesMax: number;
  /** Null: none. A text: what is wrong with the settings; then none is captured either. */
  readonly bodies: CapturePlan | null | string;
  readonly passTraceparent: readonly string[];
}

const QUEUE_ROWS_DEFAULT = 20_000;
const QUEUE_BYTES_DEFAULT = 8 * 1024 * 1024;
const SPOOL_BYTES_DEFAULT = 256 * 1024 * 1024;
/** More destinations than these are not looked at. */
const PASS_TRACEPARENT_MAX = 1_000;

/** The settings to work with, or the reason why the interceptor does nothing. */
export function resolveSettings(
  given: InterceptorSettings,
  environment: { readonly [name: string]: string | undefined },
  script: string | undefined,
): ResolvedSettings | string {
  const monitor = text(given.monitor) ?? text(environment.SOA_MONITOR_URL);
  if (monitor === null) return 'no monitor is set (SOA_MONITOR_URL): nothing is observed';
  const reports = reportsUrl(monitor);
  if (reports === null) return 'the monitor set is no http or https URL: nothing is observed';
  const key = text(given.key) ?? text(environment.SOA_MONITOR_KEY);
  // What cannot stand in a header would make each report fail.
  if (key !== null && !/^[\x21-\x7e]+$/.test(key))
    return 'the key set has characters other than visible ASCII: nothing is observed';
  const bounded = (value: string): string => value.slice(0, REPORT_LIMITS.name);
  return {
    reports,
    key,
    name: bounded(text(given.name) ?? text(environment.SOA_MONITOR_NAME) ?? nameOfProcess(script)),
    machine: bounded(text(given.machine) ?? text(environment.SOA_MONITOR_MACHINE) ?? hostname()),
    advertise:
      (text(given.advertise) ?? text(environment.SOA_MONITOR_ADVERTISE))?.slice(0, REPORT_LIMITS.address) ?? null,
    queueRowsMax: count(given.maxQueueRows) ?? QUEUE_ROWS_DEFAULT,
    queueBytesMax: count(given.maxQueueBytes) ?? QUEUE_BYTES_DEFAULT,
    spool: spoolFolder(text(given.spool) ?? text(environment.SOA_MONITOR_SPOOL)),
    spoolBytesMax:
      count(given.maxSpoolBytes) ?? count(Number(environment.SOA_MONITOR_SPOOL_BYTES)) ?? SPOOL_BYTES_DEFAULT,
    bodies: planCapture(given.bodies, environment),
    passTraceparent: texts(given.passTraceparent ?? environment.SOA_MONITOR_PASS_TRACEPARENT?.split(',')),
  };
}

/** Whether HTTP as a whole is to be observed. */
export const isPatching = (
  given: InterceptorSettings,
  environment: { readonly [name: string]: string | undefined },
): boolean => given.patch ?? environment.SOA_MONITOR_PATCH?.trim().toLowerCase() !== 'false';

/** The host may change its working directory later; it may also have none that exists. */
const spoolFolder = (folder: string | null): string | null =>
  folder === null ? null : (attempt(() => resolve(folder)) ?? folder);

/** Below the monitor's base path, if it has one. */
function reportsUrl(monitor: string): URL | null {
  if (!URL.canParse(monitor)) return null;
  const url = new URL(monitor);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/reports`;
  url.search = '';
  url.hash = '';
  return url;
}

/** From other people's JavaScript anything may come; an empty text is none. */
const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;

const texts = (values: unknown): string[] =>
  Array.isArray(values) ? values.slice(0, PASS_TRACEPARENT_MAX).flatMap((value) => text(value) ?? []) : [];
