/** How fast a replay can run, times real time; below 0 it runs backwards. */
export const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 50, 100, 1_000] as const;

/** The next faster (1) or slower (−1) speed in the direction it runs; the last one stays. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const pace = Math.abs(speed);
  const faster = SPEEDS.find((each) => each > pace);
  const slower = SPEEDS.findLast((each) => each < pace);
  return Math.sign(speed) * ((direction === 1 ? faster : slower) ?? pace);
}
