const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Where the head that began in `before` and goes on in `piece` from `from` ends: behind its first empty line, whether lines
 * end with CR LF or, as some old stacks write them, with LF alone. -1: not yet. Looks at no byte of `before` but its last two.
 */
export function findHeadEnd(before: Buffer, beforeBytes: number, piece: Buffer, from: number): number {
  const last = beforeBytes > 0 ? before[beforeBytes - 1] : 0;
  // A line's end may have come with the last piece.
  if (last === LINE_FEED || (last === CARRIAGE_RETURN && before[beforeBytes - 2] === LINE_FEED)) {
    if (piece[from] === LINE_FEED) return from + 1;
    if (last === LINE_FEED && piece[from] === CARRIAGE_RETURN && piece[from + 1] === LINE_FEED) return from + 2;
  }
  for (let at = piece.indexOf(LINE_FEED, from); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) {
    if (piece[at + 1] === LINE_FEED) return at + 2;
    if (piece[at + 1] === CARRIAGE_RETURN && piece[at + 2] === LINE_FEED) return at + 3;
  }
  return -1;
}
