import type { Fault, QName } from '@soa-monitor/protocol';
import { createCursor, type MarkupCursor, nextMarkup } from './markup.ts';
import { createNamespaces, enterTag, type Namespaces, namespaceOf } from './namespaces.ts';
import { expandReferences } from './references.ts';
import { scanFault } from './scan-fault.ts';

/** What the beginning of a message says. Texts are slices of the text scanned: copy what is kept. */
export interface EnvelopeScan {
  /** More of the same text cannot change the answer. */
  isDecided: boolean;
  /** `other`: the text has a root that is no Envelope, or no root at all. */
  root: 'envelope' | 'other' | 'unknown';
  version: '1.1' | '1.2' | null;
  operation: QName | null;
  messageId: string | null;
  relatesTo: string | null;
  action: string | null;
  fault: Fault | null;
  hasDoctype: boolean;
}

const SOAP_VERSIONS = new Map<string, '1.1' | '1.2'>([
  ['http://schemas.xmlsoap.org/soap/envelope/', '1.1'],
  ['http://www.w3.org/2003/05/soap-envelope', '1.2'],
]);
const ADDRESSING = new Set([
  'http://www.w3.org/2005/08/addressing',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
]);

/** Text of a header block that is longer than this is no id and no action. */
const BLOCK_TEXT_MAX = 2_048;

/**
 * Reads a message up to the first child of its Body (through its Fault when it is one), and no further. Aware of
 * namespaces, comments, CDATA and '>' in attributes; never throws; needs no whole message. Monotone: for every truncation
 * of a text the answer is undecided or the final one. SOAP forbids DTDs, so it stops at a DOCTYPE.
 */
export function scanEnvelope(text: string, isWhole: boolean): EnvelopeScan {
  const scan: EnvelopeScan = {
    isDecided: isWhole,
    root: 'unknown',
    version: null,
    operation: null,
    messageId: null,
    relatesTo: null,
    action: null,
    fault: null,
    hasDoctype: false,
  };
  const cursor = createCursor(text);
  const namespaces = createNamespaces();
  let soapNamespace = '';
  let depth = 0;
  let section: 'header' | 'body' | 'other' = 'other';
  for (;;) {
    const markup = nextMarkup(cursor);
    if (markup === 'none' || markup === 'cut') {
      const textEnd = markup === 'none' ? text.length : cursor.start;
      if (depth === 0 && hasText(text, cursor.textStart, textEnd)) return stop(scan, { root: 'other' });
      break;
    }
    if (depth === 0 && hasText(text, cursor.textStart, cursor.start)) return stop(scan, { root: 'other' });
    if (markup === 'doctype') return stop(scan, { hasDoctype: true });
    if (markup === 'close') {
      depth--;
      if (depth <= 0) return stop(scan, {});
      if (depth === 1 && section === 'body') return stop(scan, {});
    }
    if (markup !== 'open') continue;
    if (depth <= 2) enterTag(namespaces, text, cursor.nameEnd, cursor.end - 1, depth);
    if (depth === 0) {
      const root = nameAt(cursor, namespaces);
      if (root.name !== 'Envelope') return stop(scan, { root: 'other' });
      scan.root = 'envelope';
      scan.version = SOAP_VERSIONS.get(root.namespace) ?? null;
      soapNamespace = root.namespace;
    } else if (depth === 1) {
      const { namespace, name } = nameAt(cursor, namespaces);
      section =
        namespace !== soapNamespace ? 'other' : name === 'Header' ? 'header' : name === 'Body' ? 'body' : 'other';
      if (section === 'body' && cursor.isEmpty) return stop(scan, {});
    } else if (depth === 2 && section === 'body') {
      scan.operation = nameAt(cursor, namespaces);
      if (scan.operation.name !== 'Fault' || scan.operation.namespace !== soapNamespace) return stop(scan, {});
      const fault = scanFault(cursor, namespaces);
      scan.fault = fault.fault;
      if (fault.isComplete) scan.isDecided = true;
      return scan;
    } else if (depth === 2 && section === 'header') takeAddressing(scan, cursor, namespaces);
    if (!cursor.isEmpty) depth++;
  }
  if (scan.root === 'unknown' && isWhole) scan.root = 'other';
  return scan;
}

function stop(scan: EnvelopeScan, facts: Partial<EnvelopeScan>): EnvelopeScan {
  return Object.assign(scan, facts, { isDecided: true });
}

function nameAt(cursor: MarkupCursor, namespaces: Namespaces): QName {
  const written = cursor.text.slice(cursor.nameStart, cursor.nameEnd);
  const colon = written.indexOf(':');
  return colon < 0
    ? { namespace: namespaceOf(namespaces, ''), name: written }
    : { namespace: namespaceOf(namespaces, written.slice(0, colon)), name: written.slice(colon + 1) };
}

function takeAddressing(scan: EnvelopeScan, cursor: MarkupCursor, namespaces: Namespaces): void {
  if (cursor.isEmpty) return;
  const { namespace, name } = nameAt(cursor, namespaces);
  if (name !== 'MessageID' && name !== 'RelatesTo' && name !== 'Action') return;
  if (!ADDRESSING.has(namespace)) return;
  // An id is plain text: what stands before the next markup. Cut off before it, the text may be half an id.
  const close = cursor.text.indexOf('<', cursor.end);
  if (close < 0 || close - cursor.end > BLOCK_TEXT_MAX) return;
  const value = expandReferences(cursor.text.slice(cursor.end, close)).trim();
  if (value === '') return;
  if (name === 'MessageID') scan.messageId ??= value;
  else if (name === 'RelatesTo') scan.relatesTo ??= value;
  else scan.action ??= value;
}

/** Whether anything but white space (and a byte order mark, as UTF-8 or as latin1 reads it) stands there. */
function hasText(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code > 32 && code !== 0xfeff && !(i < 3 && (code === 0xef || code === 0xbb || code === 0xbf))) return true;
  }
  return false;
}
