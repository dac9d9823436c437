/** What a turn of the timer does: tells all that is true now, or the time alone, or nothing but that the clock is kept right. */
export type Turn = 'all' | 'time' | 'clock';

/** So often the timer turns: React and the scene are told no oftener, but after a command at once. */
export const REFRESH_MILLIS = 250;
/** A tab that is left open shows the time each second and the figures of the last minute every other: an eighth of the work. */
const TURNS_PER_TIME = 4;
const TURNS_PER_FIGURES = 8;

/** `isNews`: what goes up or down, comes or goes is told at the next turn, also where nobody looks. */
export function createRefreshPace(): (isCalm: boolean, isNews: boolean) => Turn {
  let turns = 0;
  return (isCalm, isNews) => {
    turns = isCalm ? turns + 1 : 0;
    if (isNews || turns % TURNS_PER_FIGURES === 0) return 'all';
    return turns % TURNS_PER_TIME === 0 ? 'time' : 'clock';
  };
}
