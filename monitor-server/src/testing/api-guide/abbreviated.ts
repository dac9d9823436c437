/** What a JSON answer is like: of each list the first item, and how many more there are; what is short on one line. */
export function abbreviated(text: string): string {
  let shown = JSON.stringify(shortened(JSON.parse(text)), null, 2).replaceAll(/"(… \d+ more)"/g, '$1');
  // From the inside out: what now stands on one line may make what is around it short.
  for (let depth = 0; depth < DEPTH_MAX; depth++) shown = shown.replaceAll(INNERMOST, onOneLine);
  return shown;
}

const DEPTH_MAX = 3;
const LINE_MAX = 160;
const VALUES_MAX = 24;
/** An object or list over several lines in which none other is that. */
const INNERMOST = /(?<=[ \n])[[{]\n(?:[^\n]*[^\n[{]\n)*? *[\]}]/g;

function onOneLine(block: string): string {
  const line = block.replaceAll(/\s*\n\s*/g, ' ');
  return line.length <= LINE_MAX ? line : block;
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => item === null || typeof item !== 'object');
    const kept = value.slice(0, isPlain ? VALUES_MAX : 1).map(shortened);
    return value.length > kept.length ? [...kept, `… ${value.length - kept.length} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]));
}
