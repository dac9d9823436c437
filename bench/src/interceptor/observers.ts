/** What watches the service, started before its modules are loaded. */
export interface Observer {
  /** Ships all that is queued: inside the measured slice, so that each pays for its own. */
  flush(): Promise<void>;
  counters(): unknown;
}

export async function startObserver(name: string, collectorPort: number): Promise<Observer> {
  if (name === 'bare') return { flush: async () => {}, counters: () => null };
  if (name === 'ours') return startOurs(collectorPort);
  return startOpenTelemetry(name === 'otel-express', collectorPort);
}

async function startOurs(port: number): Promise<Observer> {
  const { monitorSoap } = await import('@soa-monitor/interceptor');
  const interceptor = monitorSoap({ monitor: `http://127.0.0.1:${port}`, key: 'bench', name: 'orders', machine: 'm' });
  return {
    counters: interceptor.counters,
    flush: async () => {
      // What the interceptor does at the end of a process, without the end.
      process.emit('beforeExit', 0);
      for (let turn = 0; turn < 10_000 && isBusy(interceptor.counters()); turn++)
        await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    },
  };
}

/** Asking is paid for by the service that is measured: not too often. */
const POLL_MILLIS = 5;

const isBusy = ({ queued, inTransit }: { readonly queued: number; readonly inTransit: number }): boolean =>
  queued + inTransit > 0;

/** OpenTelemetry's Node tracing as its own documentation sets it up: batching, OTLP over HTTP. */
async function startOpenTelemetry(withExpress: boolean, port: number): Promise<Observer> {
  const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const { ExpressInstrumentation } = await import('@opentelemetry/instrumentation-express');
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces` });
  // So large that a slice fits: a dropped span would be a cost not paid.
  const processor = new BatchSpanProcessor(exporter, { maxQueueSize: 100_000 });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  const instrumentations = withExpress
    ? [new HttpInstrumentation(), new ExpressInstrumentation()]
    : [new HttpInstrumentation()];
  registerInstrumentations({ instrumentations });
  return { flush: () => provider.forceFlush(), counters: () => null };
}
