import type { ContentType } from './content-type.ts';
import type { RecalledMessage } from './known-openings.ts';
import { createMarkupReader, feedMarkup, nextMet } from './markup-reader.ts';
import type { ReadMessage } from './read-message.ts';
import { type EnvelopeScan, scanEnvelope } from './scan-envelope.ts';

/**
 * The opening of a message: the text up to where the reader has decided, as literals with a gap between each two. A gap is
 * the text between a '>' and a '<'. Equal literals give an equal answer whatever stands in the gaps, because more text never
 * changes an answer and text cannot open or close an element; what the reader takes from a gap is taken from there again.
 */
export interface KnownOpening {
  readonly type: ContentType;
  readonly literals: readonly string[];
  /** What the reader takes from the gap behind the literal of the same index; null: nothing. */
  readonly taken: readonly (GapUse | null)[];
  /** The answer; shared by all messages of which nothing is taken from a gap. */
  readonly read: RecalledMessage;
}

/** `subcode` 0 and up by `index`. */
interface GapUse {
  readonly field: 'messageId' | 'relatesTo' | 'action' | 'code' | 'reason' | 'actor' | 'subcode';
  readonly index: number;
}

/** An opening that is longer is not remembered. */
export const OPENING_CHARS_MAX = 4_096;
const GAPS_MAX = 32;
/** A text that is taken is shorter than any bound at which the reader would cut it. */
const TAKEN_CHARS_MAX = 512;

/** Null when the text does not begin so, or a gap holds what only the reader can read. */
export function matchOpening(opening: KnownOpening, text: string): RecalledMessage | null {
  const { literals, taken } = opening;
  let at = 0;
  let scan: EnvelopeScan | null = null;
  for (let index = 0; index < literals.length; index++) {
    const literal = literals[index] ?? '';
    // Comparing a slice is a third of what startsWith() costs.
    if (text.slice(at, at + literal.length) !== literal) return null;
    at += literal.length;
    if (index === literals.length - 1) break;
    const end = text.indexOf('<', at);
    if (end < 0) return null;
    const use = taken[index] ?? null;
    if (use !== null) {
      const value = text.slice(at, end);
      if (!isPlain(value)) return null;
      scan ??= copyOf(opening.read.scan);
      put(scan, use, value);
    }
    at = end;
  }
  return scan === null ? opening.read : { scan, encoding: opening.read.encoding, opening };
}

/** Null when the opening cannot be told apart into literals and gaps with certainty. */
export function learnOpening(text: string, type: ContentType, read: ReadMessage): KnownOpening | null {
  if (read.encoding !== 'utf8' && read.encoding !== 'latin1') return null;
  // Text before the root is what makes it none: there a gap is not free.
  if (read.scan.root !== 'envelope') return null;
  const opening = decidedPart(text, read.scan);
  if (opening === null || !isAscii(opening) || opening.includes('<!')) return null;
  const { literals, gaps } = split(opening);
  if (!areTexts(gaps, opening)) return null;
  if (gaps.length > GAPS_MAX) return null;
  // The proof: with a mark in each gap the reader gives the same answer, and says which mark it took for what.
  const marks = gaps.map((_, index) => `${MARK}${index}z`);
  if (opening.includes(MARK)) return null;
  const marked = literals.map((literal, index) => literal + (marks[index] ?? '')).join('');
  const scan = scanEnvelope(marked, false);
  const taken: (GapUse | null)[] = gaps.map(() => null);
  const values = valuesOf(scan);
  for (const { use, value } of values) {
    const gap = marks.indexOf(value);
    if (gap < 0 && value.includes(MARK)) return null;
    if (gap < 0) continue;
    if (use.index < 0 || taken[gap] !== null || !isPlain(gaps[gap] ?? '')) return null;
    taken[gap] = use;
    put(scan, use, gaps[gap] ?? '');
  }
  if (!isSame(scan, read.scan)) return null;
  const shared: { opening: KnownOpening | null } & ReadMessage = { scan, encoding: read.encoding, opening: null };
  const known: KnownOpening = { type, literals, taken, read: shared };
  shared.opening = known;
  return known;
}

/** No attribute or text of a real envelope has it. */
const MARK = 'zQ7gap';

/** The shortest beginning, up to the end of a markup, after which the reader has decided: what follows does not matter. */
function decidedPart(text: string, scan: EnvelopeScan): string | null {
  const ends: number[] = [];
  for (let at = text.indexOf('>'); at >= 0; at = text.indexOf('>', at + 1)) ends.push(at + 1);
  const isDecided = (index: number): boolean => scanEnvelope(text.slice(0, ends[index]), false).isDecided;
  let low = 0;
  let high = ends.length - 1;
  if (high < 0 || !isDecided(high)) return null;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isDecided(middle)) high = middle;
    else low = middle + 1;
  }
  const opening = text.slice(0, ends[low]);
  return isSame(scanEnvelope(opening, false), scan) ? opening : null;
}

/** Each text between tags that is not blank is a gap; so is none at all of what stands outside of the first and last tag. */
function split(opening: string): { literals: string[]; gaps: string[] } {
  const literals: string[] = [];
  const gaps: string[] = [];
  let from = 0;
  for (let at = opening.indexOf('>'); at >= 0; at = opening.indexOf('>', at + 1)) {
    const next = opening.indexOf('<', at);
    if (next < 0) break;
    const gap = opening.slice(at + 1, next);
    if (gap.trim() === '') continue;
    literals.push(opening.slice(from, at + 1));
    gaps.push(gap);
    from = next;
  }
  literals.push(opening.slice(from));
  return { literals, gaps };
}

/** Whether the gaps are the texts that the reader walks: a '>' may also stand in an attribute or an instruction. */
function areTexts(gaps: readonly string[], opening: string): boolean {
  const markup = createMarkupReader();
  feedMarkup(markup, opening);
  let index = 0;
  for (let met = nextMet(markup); met !== 'more'; met = nextMet(markup)) {
    if (met === 'text' && markup.value.trim() !== '' && markup.value !== gaps[index++]) return false;
  }
  return index === gaps.length;
}

function valuesOf(scan: EnvelopeScan): { use: GapUse; value: string }[] {
  const { messageId, relatesTo, action, fault, operation } = scan;
  const texts: [GapUse['field'], number, string | null][] = [
    ['messageId', 0, messageId],
    ['relatesTo', 0, relatesTo],
    ['action', 0, action],
    ['code', 0, fault?.code ?? null],
    ['reason', 0, fault?.reason ?? null],
    ['actor', 0, fault?.actor ?? null],
    ...(fault?.subcodes ?? []).map((subcode, index): [GapUse['field'], number, string] => ['subcode', index, subcode]),
    // Of markup alone; a mark in one of these would be a gap inside a tag.
    ['subcode', -1, operation?.name ?? null],
    ['subcode', -1, operation?.namespace ?? null],
    ['subcode', -1, fault?.detail?.name ?? null],
    ['subcode', -1, fault?.detail?.namespace ?? null],
  ];
  return texts.flatMap(([field, index, value]) => (value === null ? [] : [{ use: { field, index }, value }]));
}

function put(scan: EnvelopeScan, { field, index }: GapUse, value: string): void {
  if (field === 'messageId' || field === 'relatesTo' || field === 'action') scan[field] = value;
  else if (scan.fault === null) return;
  else if (field === 'subcode') scan.fault.subcodes[index] = value;
  else scan.fault[field] = value;
}

const copyOf = (scan: EnvelopeScan): EnvelopeScan => ({
  isDecided: scan.isDecided,
  root: scan.root,
  version: scan.version,
  operation: scan.operation,
  isEncrypted: scan.isEncrypted,
  messageId: scan.messageId,
  relatesTo: scan.relatesTo,
  action: scan.action,
  fault: scan.fault === null ? null : { ...scan.fault, subcodes: [...scan.fault.subcodes] },
  hasDoctype: scan.hasDoctype,
});

/** Both are made by the same function, so their properties stand in the same order. */
const isSame = (one: EnvelopeScan, other: EnvelopeScan): boolean =>
  one === other || JSON.stringify(copyOf(one)) === JSON.stringify(copyOf(other));

const isAscii = (text: string): boolean => !/[^\t\n\r\x20-\x7e]/.test(text);

/** ASCII without references and without white space at its ends: the same in every encoding, and as written what it means. */
function isPlain(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > TAKEN_CHARS_MAX) return false;
  if (text.charCodeAt(0) <= 32 || text.charCodeAt(length - 1) <= 32) return false;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code === 38 || code > 126 || code < 32) return false;
  }
  return true;
}
