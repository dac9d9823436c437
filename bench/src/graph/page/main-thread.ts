/** What the page's own thread is held by, frame by frame. */
export interface MainThread {
  stop(): {
    readonly held: readonly number[];
    /** What `act` took of it. */
    readonly own: readonly number[];
    readonly between: readonly number[];
    readonly longest: number;
  };
}

/** `act` is called in each frame with the ms since the beginning; what it does counts. */
export function watchMainThread(act: (millis: number) => void): MainThread {
  const held: number[] = [];
  const own: number[] = [];
  const between: number[] = [];
  let longest = 0;
  let isOver = false;
  let began = 0;
  let before: number | null = null;
  const start = performance.now();
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    held.push(performance.now() - began);
    if (before !== null) between.push(began - before);
    before = began;
  };
  const frame = (): void => {
    if (isOver) return;
    began = performance.now();
    act(began - start);
    own.push(performance.now() - began);
    painted.port2.postMessage(null);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  return {
    stop() {
      isOver = true;
      observer.disconnect();
      return { held, own, between, longest };
    },
  };
}
