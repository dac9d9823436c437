/** How fast a replay can run, times real time. */
export const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 50, 100] as const;

/** The next faster (1) or slower (−1) speed; the last one stays. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const faster = SPEEDS.find((each) => each > speed);
  const slower = SPEEDS.findLast((each) => each < speed);
  return (direction === 1 ? faster : slower) ?? speed;
}
