import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** What became of a batch. `refused`: it would be refused for ever (OTLP: not to be repeated); `later`: not yet, for that reason. */
export type Sent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string };

export interface SpanSender {
  /** One batch at a time. Never rejects. */
  send(spans: readonly ReadableSpan[]): Promise<Sent>;
  close(): Promise<void>;
}

/** The receiver says that these spans are bad, or too many, not that something is wrong with it or between. */
const REFUSALS: ReadonlySet<unknown> = new Set([400, 413, 422]);

export interface ReceiverSettings {
  /** Where traces are taken: …/v1/traces. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** For one batch, the exporter's own repeats included. */
  readonly timeoutMillis: number;
}

/** OTLP over HTTP in protobuf, by OpenTelemetry's own exporter: it repeats on 429, 502, 503 and 504 as long as its time allows. */
export function createSpanSender({ url, headers, timeoutMillis }: ReceiverSettings): SpanSender {
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis, concurrencyLimit: 1 });
  return {
    send: (spans) =>
      new Promise((resolve) => {
        exporter.export([...spans], ({ code, error }) => {
          if (code === 0) return resolve({ kind: 'sent' });
          const status = error !== undefined && 'code' in error ? error.code : undefined;
          const reason = typeof status === 'number' ? `HTTP ${status}` : (error?.message ?? 'unknown');
          resolve({ kind: REFUSALS.has(status) ? 'refused' : 'later', reason });
        });
      }),
    close: () => exporter.shutdown(),
  };
}
