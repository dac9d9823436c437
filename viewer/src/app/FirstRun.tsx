import { KeyRound, Radio } from 'lucide-react';

/** How to make the first service speak. */
export function FirstRun() {
  const monitor = globalThis.location?.origin ?? 'http://localhost:4600';
  return (
    <div className="cover">
      <div className="first-run">
        <div>
          <h1>No service has spoken yet</h1>
          <p className="quiet">Connect the first one. It appears here, as a map, as soon as it listens or calls.</p>
        </div>
        <section>
          <h2>In the code: one line, before the service listens</h2>
          <pre>{`import { monitorSoap } from '@soa-monitor/interceptor';

monitorSoap({ monitor: '${monitor}', name: 'bank' });`}</pre>
        </section>
        <section>
          <h2>Or without touching the code</h2>
          <pre>{`SOA_MONITOR_URL=${monitor} SOA_MONITOR_NAME=bank \\
  node --import @soa-monitor/interceptor/register service.js`}</pre>
          <p className="quiet small">
            <KeyRound size={12} aria-hidden="true" /> A monitor that was started with an ingest key wants it here too:{' '}
            <code>key: '…'</code>, or <code>SOA_MONITOR_KEY</code>.
          </p>
        </section>
        <section>
          <h2>Or look at the sample estate</h2>
          <pre>npm run sample</pre>
          <p className="quiet small">A bank, two airlines and their customers, talking to each other.</p>
        </section>
        <p className="waiting" role="status">
          <Radio size={16} aria-hidden="true" /> Listening at {monitor}
        </p>
      </div>
    </div>
  );
}
