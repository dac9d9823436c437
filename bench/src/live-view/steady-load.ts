import { prepareReport } from '../store/load/prepared-report.ts';
import { createReportSource } from '../store/load/report-source.ts';
import { BENCH_KEY } from '../store/measured/start-measured.ts';

const SEED = 20_261_122;
/** Two transactions of ten observations at fifty messages a second: only whole ones are made. */
const EVERY_MILLIS = 400;
const ROWS_PER_REPORT = 200;
/** So many at first that everybody is known. */
const OBSERVATIONS_AT_FIRST = 12_000;
const AT_FIRST_PER_SECOND = 3_000;

export interface SteadyLoad {
  stop(): Promise<void>;
}

/** Reports of an estate of so many services, a few times a second, until it is stopped: two observations to an exchange of two messages. */
export async function steadyLoad(
  url: string,
  { services, messagesPerSecond }: { readonly services: number; readonly messagesPerSecond: number },
): Promise<SteadyLoad> {
  const source = createReportSource(SEED, 'open-tab', { services, links: services * 3 });
  const send = async (observations: number, observationsPerSecond: number): Promise<void> => {
    const span = (observations / observationsPerSecond) * 1_000_000;
    const from = Date.now() * 1_000 - span;
    const { full, rest } = source.reports({
      observations,
      rowsPerReport: ROWS_PER_REPORT,
      from,
      observationsPerSecond,
    });
    for (const text of [...full, ...rest]) await post(url, prepareReport(text).stamped(Date.now() * 1_000));
  };
  await send(OBSERVATIONS_AT_FIRST, AT_FIRST_PER_SECOND);
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      const began = performance.now();
      await send((messagesPerSecond * EVERY_MILLIS) / 1_000, messagesPerSecond);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY_MILLIS - (performance.now() - began))));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await sending;
    },
  };
}

async function post(url: string, body: Buffer): Promise<void> {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Encoding': 'gzip',
    Authorization: `Bearer ${BENCH_KEY}`,
  };
  const answer = await fetch(`${url}/api/v1/reports`, { method: 'POST', headers, body: new Uint8Array(body) });
  if (answer.status !== 202) throw new Error(`a report was answered with ${answer.status}: ${await answer.text()}`);
}
