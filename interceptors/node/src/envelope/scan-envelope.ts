import type { QName } from '@soa-monitor/protocol';
import { createMarkupReader, feedMarkup, type MarkupReader, nextMet } from './markup-reader.ts';
import { createNamespaces, declare, leaveTag, type Namespaces, namespaceOf } from './namespaces.ts';
import { attributeText, elementText, trimSpace } from './references.ts';
import {
  closeInFault,
  createFaultReader,
  type FaultReader,
  type FaultScan,
  isTextPlace,
  openInFault,
  takeText,
} from './scan-fault.ts';

/**
 * What the beginning of a message says. Texts are slices of the text scanned, as written: what is kept is decoded, then
 * `attributeText` or `elementText` of it. What is not null stays as it is, whatever follows.
 */
export interface EnvelopeScan {
  /** More of the same text cannot change the answer. */
  isDecided: boolean;
  /** `other`: the text has a root that is no Envelope, or no root at all. */
  root: 'envelope' | 'other' | 'unknown';
  version: '1.1' | '1.2' | null;
  /** Body's first child, unless that is encrypted. */
  operation: QName | null;
  isEncrypted: boolean;
  messageId: string | null;
  relatesTo: string | null;
  action: string | null;
  fault: FaultScan | null;
  hasDoctype: boolean;
}

/**
 * Reads a message up to the first child of its Body (through its Fault when it is one), and no further. Aware of namespaces,
 * comments, CDATA and '>' in attributes; never throws; SOAP forbids DTDs, so it stops at a DOCTYPE. The text may come in
 * pieces of any length: after each the scan holds what is known by then.
 */
export interface EnvelopeReader {
  readonly scan: EnvelopeScan;
  readonly markup: MarkupReader;
  readonly namespaces: Namespaces;
  /** Elements that are open. */
  depth: number;
  section: Section;
  soapNamespace: string;
  /** The header block whose text is being taken. */
  block: 'messageId' | 'relatesTo' | 'action' | null;
  blockText: string;
  fault: FaultReader | null;
}

type Section = 'header' | 'body' | 'other';

const SOAP_VERSIONS = new Map<string, '1.1' | '1.2'>([
  ['http://schemas.xmlsoap.org/soap/envelope/', '1.1'],
  ['http://www.w3.org/2003/05/soap-envelope', '1.2'],
]);
const ADDRESSING = new Set([
  'http://www.w3.org/2005/08/addressing',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
]);
const ENCRYPTION = 'http://www.w3.org/2001/04/xmlenc#';

/** Text of a header block that is longer than this is no id and no action. */
const BLOCK_TEXT_MAX = 2_048;

export const createEnvelopeReader = (): EnvelopeReader => ({
  scan: {
    isDecided: false,
    root: 'unknown',
    version: null,
    operation: null,
    isEncrypted: false,
    messageId: null,
    relatesTo: null,
    action: null,
    fault: null,
    hasDoctype: false,
  },
  markup: createMarkupReader(),
  namespaces: createNamespaces(),
  depth: 0,
  section: 'other',
  soapNamespace: '',
  block: null,
  blockText: '',
  fault: null,
});

/** A whole text at once, or the beginning of one. */
export function scanEnvelope(text: string, isWhole: boolean): EnvelopeScan {
  const reader = createEnvelopeReader();
  feedEnvelope(reader, text);
  if (isWhole) endEnvelope(reader);
  return reader.scan;
}

/** The next piece of the text. */
export function feedEnvelope(reader: EnvelopeReader, piece: string): void {
  const { scan, markup } = reader;
  if (scan.isDecided) return;
  feedMarkup(markup, piece);
  while (!scan.isDecided) {
    const met = nextMet(markup);
    if (met === 'more') return;
    if (met === 'open') onOpen(reader);
    else if (met === 'close') onClose(reader);
    else if (met === 'attribute') onAttribute(reader, markup.attribute, markup.value);
    else if (met === 'doctype') {
      scan.hasDoctype = true;
      scan.isDecided = true;
    } else onText(reader, markup.value, met === 'cdata');
  }
}

/** There is no more text. */
export function endEnvelope({ scan }: EnvelopeReader): void {
  if (scan.root === 'unknown' && !scan.hasDoctype) scan.root = 'other';
  scan.isDecided = true;
}

function onAttribute(reader: EnvelopeReader, attribute: string, value: string): void {
  declare(reader.namespaces, attribute, value, reader.depth);
  if (attribute === 'xml:lang' && reader.fault !== null) reader.fault.nextIsEnglish = /^en(?:-|$)/i.test(value);
}

function onOpen(reader: EnvelopeReader): void {
  const { scan, markup, depth, section } = reader;
  if (depth === 0) openRoot(reader);
  else if (reader.fault !== null) openElement(reader, reader.fault);
  else if (depth === 1) openSection(reader);
  else if (depth === 2 && section === 'body') openOperation(reader);
  else if (depth === 2 && section === 'header') openBlock(reader);
  if (scan.isDecided) return;
  reader.depth++;
  if (markup.isEmpty) onClose(reader);
  else look(reader);
}

function onClose(reader: EnvelopeReader): void {
  const { scan, section } = reader;
  const depth = --reader.depth;
  leaveTag(reader.namespaces, depth);
  if (reader.fault !== null && closeInFault(reader.fault)) scan.isDecided = true;
  if (depth <= 0 || (depth === 1 && section === 'body')) scan.isDecided = true;
  // An end tag before any beginning.
  if (depth < 0) scan.root = 'other';
  if (depth === 2 && reader.block !== null) closeBlock(reader, reader.block);
  look(reader);
}

/** What of the tags and texts that come next matters. */
function look({ markup, depth, fault, block }: EnvelopeReader): void {
  markup.isLooking = fault === null ? depth <= 2 : fault.strangers === 0;
  markup.wantsText = fault === null ? block !== null && depth === 3 : isTextPlace(fault);
}

/** Before the root there may be nothing but white space and a byte order mark, as characters or as bytes. */
function onText(reader: EnvelopeReader, text: string, isCdata: boolean): void {
  const { scan, markup } = reader;
  if (reader.fault !== null) takeText(reader.fault, text, isCdata);
  else if (reader.block !== null) {
    if (reader.blockText.length <= BLOCK_TEXT_MAX) reader.blockText += isCdata ? text.replaceAll('&', '&amp;') : text;
  } else if (isCdata || hasText(text, markup.valueAt)) {
    scan.root = 'other';
    scan.isDecided = true;
  }
}

function openRoot(reader: EnvelopeReader): void {
  const { scan, markup } = reader;
  const { namespace, name } = qualified(reader);
  scan.root = name === 'Envelope' ? 'envelope' : 'other';
  if (name !== 'Envelope') scan.isDecided = true;
  else {
    reader.soapNamespace = attributeText(namespace);
    scan.version = SOAP_VERSIONS.get(reader.soapNamespace) ?? null;
  }
  if (markup.isEmpty) scan.isDecided = true;
}

function openSection(reader: EnvelopeReader): void {
  const { namespace, name } = qualified(reader);
  const isSoap = isOf(namespace, reader.soapNamespace);
  reader.section = isSoap && name === 'Header' ? 'header' : isSoap && name === 'Body' ? 'body' : 'other';
}

function openOperation(reader: EnvelopeReader): void {
  const { scan } = reader;
  const operation = qualified(reader);
  const { name } = operation;
  if (name === 'EncryptedData' && isOf(operation.namespace, ENCRYPTION)) {
    scan.isEncrypted = true;
    scan.isDecided = true;
    return;
  }
  scan.operation = operation;
  if (name !== 'Fault' || !isSoapOwn(reader, operation.namespace)) {
    scan.isDecided = true;
    return;
  }
  reader.fault = createFaultReader();
  scan.fault = reader.fault.fault;
}

function openElement(reader: EnvelopeReader, fault: FaultReader): void {
  const { namespace, name } = qualified(reader);
  openInFault(fault, namespace, name, namespace === '' || isSoapOwn(reader, namespace));
}

function openBlock(reader: EnvelopeReader): void {
  const { name } = reader.markup;
  // Most blocks are told by their names alone.
  if (!name.endsWith('MessageID') && !name.endsWith('RelatesTo') && !name.endsWith('Action')) return;
  const block = qualified(reader);
  if (!ADDRESSING.has(attributeText(block.namespace))) return;
  if (block.name === 'MessageID') reader.block = 'messageId';
  else if (block.name === 'RelatesTo') reader.block = 'relatesTo';
  else if (block.name === 'Action') reader.block = 'action';
  reader.blockText = '';
}

function closeBlock(reader: EnvelopeReader, block: 'messageId' | 'relatesTo' | 'action'): void {
  // The first of each counts. Cut off, a text may be half an id: it is taken at its end or not at all.
  const text = reader.blockText.length > BLOCK_TEXT_MAX ? '' : trimSpace(reader.blockText);
  if (text !== '' && elementText(text) !== '') reader.scan[block] ??= text;
  reader.block = null;
}

function qualified({ markup, namespaces }: EnvelopeReader): QName {
  const written = markup.name;
  const colon = written.indexOf(':');
  return colon < 0
    ? { namespace: namespaceOf(namespaces, ''), name: written }
    : { namespace: namespaceOf(namespaces, written.slice(0, colon)), name: written.slice(colon + 1) };
}

const isOf = (written: string, namespace: string): boolean =>
  written === namespace || attributeText(written) === namespace;

const isSoapOwn = ({ soapNamespace }: EnvelopeReader, written: string): boolean =>
  isOf(written, soapNamespace) || SOAP_VERSIONS.has(attributeText(written));

/** Whether anything but white space (and a byte order mark, as UTF-8 or as latin1 reads it) stands there. */
function hasText(text: string, textAt: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const at = textAt + i;
    const isMark =
      (at === 0 && (code === 0xfeff || code === 0xef)) || (at === 1 && code === 0xbb) || (at === 2 && code === 0xbf);
    if (code > 32 && !isMark) return true;
  }
  return false;
}
