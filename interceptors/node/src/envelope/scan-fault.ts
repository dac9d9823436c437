import { type Fault, REPORT_LIMITS } from '@soa-monitor/protocol';
import { type MarkupCursor, nextMarkup } from './markup.ts';
import { enterTag, type Namespaces, namespaceOf } from './namespaces.ts';
import { expandReferences } from './references.ts';

type Field = 'code' | 'subcode' | 'reason' | 'actor' | 'node';

/** By path below Fault, in lower case and without namespaces: stacks put 1.2 children into 1.1 envelopes (node-soap does). */
const FIELDS = new Map<string, Field>([
  ['faultcode', 'code'],
  ['code/value', 'code'],
  ['code/subcode/value', 'subcode'],
  ['faultstring', 'reason'],
  ['reason/text', 'reason'],
  ['faultactor', 'actor'],
  ['role', 'actor'],
  ['node', 'node'],
]);
/** No path above is longer; what lies deeper is counted, not read. */
const PATH_MAX = 3;
/** Of a text that is longer, the rest is not looked at. References make a text longer than what it stands for. */
const TEXT_MAX = 2 * REPORT_LIMITS.faultText;

/** Reads on from the Fault's start tag. Without its end tag the fault is what was found so far. */
export function scanFault(cursor: MarkupCursor, namespaces: Namespaces): { fault: Fault; isComplete: boolean } {
  const found: { [field in Field]?: string } = {};
  const finished = new Set<Field>();
  const path: string[] = [];
  let depth = cursor.isEmpty ? -1 : 0;
  let detail: string | null = null;
  while (depth >= 0) {
    const markup = nextMarkup(cursor);
    if (markup === 'none' || markup === 'cut' || markup === 'doctype') break;
    const field = depth > 0 && depth <= PATH_MAX ? FIELDS.get(path.join('/')) : undefined;
    if (field !== undefined && !finished.has(field)) append(found, field, textBefore(cursor, markup === 'cdata'));
    if (markup === 'close') {
      // The first of several languages or roles counts.
      if (field !== undefined) finished.add(field);
      depth--;
      if (depth < path.length) path.pop();
    }
    if (markup !== 'open') continue;
    // Envelope 0, Body 1, Fault 2: its children are at 3.
    if (depth <= 1) enterTag(namespaces, cursor.text, cursor.nameEnd, cursor.end - 1, 3 + depth);
    const name = cursor.text.slice(cursor.nameStart, cursor.nameEnd);
    const local = name.slice(name.indexOf(':') + 1);
    if (depth === 1 && path[0] === 'detail' && detail === null) {
      const prefix = name.slice(0, Math.max(0, name.indexOf(':')));
      detail = `{${namespaceOf(namespaces, prefix)}}${local}`;
    }
    if (cursor.isEmpty) continue;
    if (depth < PATH_MAX) path.push(local.toLowerCase());
    depth++;
  }
  return { fault: faultOf(found, detail), isComplete: depth < 0 };
}

function textBefore(cursor: MarkupCursor, isCdata: boolean): string {
  const before = cursor.text.slice(cursor.textStart, Math.min(cursor.start, cursor.textStart + TEXT_MAX));
  const text = expandReferences(before);
  return isCdata ? text + cursor.text.slice(cursor.start + 9, Math.min(cursor.end - 3, cursor.start + TEXT_MAX)) : text;
}

function append(found: { [field in Field]?: string }, field: Field, text: string): void {
  const before = found[field] ?? '';
  if (before.length < TEXT_MAX) found[field] = before + text;
}

function faultOf(found: { readonly [field in Field]?: string }, detail: string | null): Fault {
  const subcode = found.subcode?.trim();
  const reason = found.reason?.trim();
  const actor = (found.actor ?? found.node)?.trim();
  return {
    code: found.code?.trim() ?? '',
    ...(subcode ? { subcode } : {}),
    ...(reason ? { reason } : {}),
    ...(actor ? { actor } : {}),
    ...(detail === null ? {} : { detail }),
  };
}
