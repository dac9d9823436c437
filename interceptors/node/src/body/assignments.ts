import type { Range } from './patterns.ts';
import { namesSecret } from './secret-names.ts';

/**
 * A name and a sign, as connection strings, queries, JSON and error texts have them: `pwd=…`, `"password": "…"`, `token: …`.
 * A colon counts only after a quote, or before one or a space: names of resources (`urn:x:token:1`) are full of them.
 */
const ASSIGNED = /([\w.-]{2,64})(?:["']?\s{0,8}=|["']\s{0,8}:|\s{0,8}:(?=[\s"']))\s{0,8}/g;

/** In quotes, or up to the next sign; a scheme of HTTP authentication belongs to what follows it. */
const VALUE =
  /"((?:[^"\\]|\\[\s\S])*)|'((?:[^'\\]|\\[\s\S])*)|((?:(?:Bearer|Basic|Digest|Negotiate)\s{1,8})?[^\s"'&,;<>{}[\]]+)/iy;

/** Where the values stand that are assigned to the name of a secret. */
export function findAssigned(text: string): readonly Range[] {
  const found: Range[] = [];
  ASSIGNED.lastIndex = 0;
  for (let name = ASSIGNED.exec(text); name !== null; name = ASSIGNED.exec(text)) {
    if (!namesSecret(name[1] ?? '')) continue;
    VALUE.lastIndex = ASSIGNED.lastIndex;
    const match = VALUE.exec(text);
    const value = match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
    if (match === null || value === '') continue;
    found.push({ from: VALUE.lastIndex - value.length, to: VALUE.lastIndex });
    ASSIGNED.lastIndex = VALUE.lastIndex;
  }
  return found;
}
