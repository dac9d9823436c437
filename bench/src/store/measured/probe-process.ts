import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { serveParent } from '../../child.ts';
import type { Usage } from './usage.ts';

/**
 * Loaded before a server (`node --import`): tells its parent what the process has used, all its threads, and how late its
 * main loop was. The server itself is the one that is shipped.
 */
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  serveParent((question) => {
    const { user, system } = process.cpuUsage();
    const usage: Usage = {
      cpuMicros: user + system,
      rssBytes: process.memoryUsage.rss(),
      loopDelayP99Millis: delay.percentile(99) / 1e6,
      loopDelayMaxMillis: delay.max / 1e6,
    };
    if (question === 'reset') delay.reset();
    return usage;
  });
}
