import { setTimeout as wait } from 'node:timers/promises';
import type { Played, Stage } from './act.ts';
import { audit } from './audit.ts';
import { createFakeEstate, type FakeEstate } from './fake-estate.ts';
import { acknowledgedRows, inspect } from './inspect.ts';
import { type Load, startLoad } from './load.ts';
import { type MonitorProcess, type MonitorSettings, startMonitor } from './monitor-process.ts';

/** What most acts need: an estate under load, and monitors that come and go on one data folder. */
export interface Scene {
  readonly estate: FakeEstate;
  readonly load: Load;
  /** A monitor that is ready, and is sent the load; throws with what it said when it does not get ready. */
  begin(settings?: Partial<MonitorSettings>): Promise<{ readonly monitor: MonitorProcess; readonly url: string }>;
  /** kill -9. */
  kill(monitor: MonitorProcess): Promise<void>;
  /** Waits until so many rows are acknowledged; false when that takes too long. */
  acknowledged(rows: number, millis?: number): Promise<boolean>;
  /** No new exchanges: all is sent, looked at through the running monitor, which is then killed and its database inspected. */
  end(monitor: MonitorProcess, url: string): Promise<readonly string[]>;
  played(findings: readonly string[], notes?: readonly string[]): Played;
}

const CAUGHT_UP_MILLIS = 30_000;

export async function inScene(
  { random, folder, name, key }: Stage,
  settings: {
    readonly data?: string;
    readonly shops?: number;
    readonly exchangesMax?: number;
    readonly clock?: () => number;
    readonly lateMicros?: number;
    readonly firstNumber?: number;
    readonly splitShare?: number;
    /** Added to the window in which the estate's exchanges are looked for, µs. */
    readonly marginMicros?: number;
  },
  play: (scene: Scene) => Promise<Played>,
): Promise<Played> {
  const { data = folder, shops = 2, exchangesMax = 600, marginMicros = 1_000_000, ...more } = settings;
  const clock = settings.clock ?? (() => Date.now() * 1_000);
  const begun = Date.now() * 1_000;
  const estate = createFakeEstate({ ...more, random, key, shops, start: name, clock });
  const load = startLoad({ estate, random, exchangesMax });
  const monitors = new Set<MonitorProcess>();
  let kills = 0;
  const acknowledged = async (rows: number, millis = CAUGHT_UP_MILLIS): Promise<boolean> => {
    const deadline = performance.now() + millis;
    while (acknowledgedRows(estate) < rows && performance.now() < deadline) await wait(10);
    return acknowledgedRows(estate) >= rows;
  };
  const scene: Scene = {
    estate,
    load,
    async begin(more = {}) {
      const monitor = startMonitor({ data, key, ...more });
      monitors.add(monitor);
      const url = await monitor.ready;
      if (url === null) throw new Error(`the monitor did not start: ${monitor.said()}`);
      load.sendTo(url);
      return { monitor, url };
    },
    async kill(monitor) {
      await monitor.kill();
      load.sendTo(null);
      kills++;
    },
    acknowledged,
    async end(monitor, url) {
      load.calm();
      const findings = (await acknowledged(estate.rows))
        ? []
        : [`${acknowledgedRows(estate)} of ${estate.rows} rows were taken`];
      const window = { from: Math.max(0, begun - marginMicros), to: Date.now() * 1_000 + marginMicros };
      const audited = await audit(url, estate, window);
      await scene.kill(monitor);
      return [...findings, ...audited, ...inspect(data, estate)];
    },
    played: (findings, notes = []) => ({ kills, rows: acknowledgedRows(estate), findings, notes }),
  };
  try {
    return await play(scene);
  } finally {
    load.sendTo(null);
    for (const monitor of monitors) await monitor.kill();
    await load.stop();
  }
}
