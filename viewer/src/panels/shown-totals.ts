import type { FiguresView, SessionSnapshot } from '../session/session.ts';

/** The figures over all links; null while nothing has been heard or loaded of which they could be: unknown is not zero. */
export const shownTotals = ({ totals, mode, accounting, nodes }: SessionSnapshot): FiguresView | null => {
  const isHeard = mode.kind === 'replay' ? mode.loaded > 0 : accounting !== null || nodes.length > 0;
  return isHeard ? totals : null;
};
