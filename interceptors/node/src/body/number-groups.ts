/** The stretches of digits (or of letters and digits) of a text, in its order: a number is often written in several. */
export interface Groups {
  readonly from: number[];
  readonly to: number[];
  /** Nothing but a few separators stands between this group and the one before it. */
  readonly isJoined: boolean[];
}

/** Between two groups of a number: "4111 1111", "4111-1111", "4111 - 1111". */
const SEPARATORS_MAX = 3;

export function groupsOf(text: string, isMember: (code: number) => boolean): Groups {
  const groups: Groups = { from: [], to: [], isJoined: [] };
  let last = 0;
  for (let at = 0; at < text.length; at++) {
    if (!isMember(text.charCodeAt(at))) continue;
    const from = at;
    while (at < text.length && isMember(text.charCodeAt(at))) at++;
    groups.isJoined.push(groups.from.length > 0 && isGap(text, last, from));
    groups.from.push(from);
    groups.to.push(at);
    last = at;
  }
  return groups;
}

function isGap(text: string, from: number, to: number): boolean {
  if (to - from > SEPARATORS_MAX) return false;
  for (let at = from; at < to; at++) if (!isSeparator(text.charCodeAt(at))) return false;
  return true;
}

/** Spaces and dashes of every kind, dots, and what is not seen at all. */
function isSeparator(code: number): boolean {
  if (code < 128) return code === 32 || code === 45 || code === 46 || code === 95 || (code >= 9 && code <= 13);
  return SEPARATOR.test(String.fromCharCode(code));
}

const SEPARATOR = /[\s\u00ad\u2010-\u2015\u2212\u180e\u200b-\u200f\u2060\ufe58\ufe63\uff0d]/;
