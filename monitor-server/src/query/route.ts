import type { IncomingMessage } from 'node:http';
import type { Problem, Schema } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { ExportFile } from '../export/export-file.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Store } from '../store/store.ts';
import type { Parameters } from './parameters.ts';

/** What the routes answer from. */
export interface QueryParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Tells viewers that a view was changed. */
  readonly announceView: (id: string) => void;
  readonly metrics: Pick<Metrics, 'count'>;
}

export type Answer =
  | { readonly kind: 'json'; readonly body: unknown; readonly etag?: string }
  | { readonly kind: 'notModified'; readonly etag: string }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'file'; readonly file: ExportFile; readonly estimatedRows: number | null }
  /** Made when there is room to send it. */
  | { readonly kind: 'page'; readonly mediaType: string; readonly make: () => Promise<Uint8Array> };

/** One route: what openapi.json says of it and what it does stand together. */
export interface Route {
  readonly method: 'get' | 'put' | 'patch';
  /** Under /api/v1, in express's form. */
  readonly path: string;
  readonly summary: string;
  readonly answers: { readonly [mediaType: string]: Schema };
  /** The schema of the body it takes, and how large that may be. */
  readonly body?: { readonly schema: Schema; readonly bytesMax: number };
  /** Reads all parameters, and gives what then answers; its reasons decide whether that is called. */
  readonly read: (parameters: Parameters) => (asked: Asking) => Promise<Answer>;
}

export interface Asking {
  readonly parts: QueryParts;
  readonly request: IncomingMessage;
  /** What JSON.parse gave, for a route with a body. */
  readonly body: unknown;
}

export const json = (schema: Schema) => ({ 'application/json': schema });
