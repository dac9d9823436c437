import type { Secret } from './secrets.ts';

/** A piece of a secret this long tells something of it. */
const FRAGMENT = 6;
/** In a view where every digit of the message stands beside the next, shorter pieces meet by chance. */
const JOINED_FRAGMENT = 12;
/** As often as anything is escaped in a message, and once more. */
const EXPANSIONS = 7;

/** What could be read of a text by someone who goes on decoding: references, CDATA, tags. */
export interface Views {
  readonly plain: string;
  readonly expanded: string;
  readonly joined: string;
}

export function viewsOf(reported: string): Views {
  let expanded = unmarked(reported);
  for (let i = 0; i < EXPANSIONS && expanded.includes('&'); i++) expanded = unmarked(expand(expanded));
  const joined = expanded
    .replace(/<[^>]*>/g, '')
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase();
  return { plain: reported, expanded, joined };
}

/** The secrets of which something can be read. */
export function leaksIn({ plain, expanded, joined }: Views, secrets: readonly Secret[]): Secret[] {
  const views = plain === expanded ? [plain, joined] : [plain, expanded, joined];
  return secrets.filter(({ kind, plain: secret }) => {
    if (kind === 'marker' || kind === 'ticket') return views.some((view) => hasFragment(view, secret, FRAGMENT));
    return hasFragment(joined, secret, JOINED_FRAGMENT) || hasFragment(expanded.toUpperCase(), secret, FRAGMENT);
  });
}

function hasFragment(view: string, secret: string, length: number): boolean {
  for (let at = 0; at + length <= secret.length; at++) if (view.includes(secret.slice(at, at + length))) return true;
  return false;
}

/** CDATA in CDATA: the end of the inner one is written in two sections. */
const SPLIT_END = ']]]]><![CDATA[>';

function unmarked(text: string): string {
  let bare = text;
  for (let i = 0; i < EXPANSIONS && bare.includes(SPLIT_END); i++) bare = bare.replaceAll(SPLIT_END, ']]>');
  return bare.replaceAll('<![CDATA[', '').replaceAll(']]>', '');
}

const expand = (text: string): string =>
  text.replace(/&(?:#0*(\d+)|#x0*([0-9a-fA-F]+)|(lt|gt|amp|quot|apos));/g, (_whole, decimal, hex, name) => {
    if (name !== undefined) return { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[String(name)] ?? '';
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal));
  });
