import { REPORT_LIMITS } from '@soa-monitor/protocol';

/**
 * What a Fault says, as far as it was read. Texts are as written (`elementText`, `attributeText` of what is decoded say
 * what they mean). What is not null stays as it is, whatever follows; `subcodes` only grows.
 */
export interface FaultScan {
  code: string | null;
  /** From the outside in. */
  readonly subcodes: string[];
  reason: string | null;
  actor: string | null;
  detail: { readonly namespace: string; readonly name: string } | null;
}

/** Where in a Fault a reader stands: by the children of both SOAP versions, since stacks put those of 1.2 into envelopes of 1.1. */
type Place =
  | 'fault'
  | 'faultcode'
  | 'faultstring'
  | 'faultactor'
  | 'code'
  | 'codeValue'
  | 'subcode'
  | 'subcodeValue'
  | 'reason'
  | 'text'
  | 'node'
  | 'role'
  | 'detail';

export interface FaultReader {
  readonly fault: FaultScan;
  /** Open elements that are known here; those inside others are only counted. */
  readonly places: Place[];
  strangers: number;
  /** Raw, of the innermost place; what stands in CDATA is escaped, so that it survives the expansion of references. */
  text: string;
  /** Characters of it that were taken, and those that were not. */
  textLength: number;
  isEnglish: boolean;
  /** What the tag whose end is yet to come says of itself. */
  nextIsEnglish: boolean;
  firstReason: string | null;
  node: string | null;
  hasCode: boolean;
}

/** Of a text that is longer, the rest is not kept. A character may be four bytes, each of which counts as one here. */
const TEXT_MAX = 4 * REPORT_LIMITS.faultText;

const CHILDREN: { readonly [place in Place]?: { readonly [name: string]: Place } } = {
  fault: {
    faultcode: 'faultcode',
    faultstring: 'faultstring',
    faultactor: 'faultactor',
    detail: 'detail',
    code: 'code',
    reason: 'reason',
    node: 'node',
    role: 'role',
  },
  code: { value: 'codeValue', subcode: 'subcode' },
  subcode: { value: 'subcodeValue', subcode: 'subcode' },
  reason: { text: 'text' },
};

export const createFaultReader = (): FaultReader => ({
  fault: { code: null, subcodes: [], reason: null, actor: null, detail: null },
  places: ['fault'],
  strangers: 0,
  text: '',
  textLength: 0,
  isEnglish: false,
  nextIsEnglish: false,
  firstReason: null,
  node: null,
  hasCode: false,
});

const placeOf = (reader: FaultReader): Place | undefined => reader.places[reader.places.length - 1];

/** Whether the text here belongs to the fault. */
export function isTextPlace(reader: FaultReader): boolean {
  const place = placeOf(reader);
  return reader.strangers === 0 && place !== undefined && place !== 'detail' && CHILDREN[place] === undefined;
}

/** A start tag inside the Fault. `isOurs`: of SOAP's namespaces or of none, as its children are written. */
export function openInFault(reader: FaultReader, namespace: string, name: string, isOurs: boolean): void {
  const { nextIsEnglish } = reader;
  reader.nextIsEnglish = false;
  const place = placeOf(reader);
  if (reader.strangers > 0 || place === undefined) {
    reader.strangers++;
    return;
  }
  if (place === 'detail') reader.fault.detail ??= { namespace, name };
  const children = CHILDREN[place];
  const key = name.toLowerCase();
  const child = isOurs && children !== undefined && Object.hasOwn(children, key) ? children[key] : undefined;
  if (child === undefined || !isAwaited(reader, child)) {
    reader.strangers++;
    return;
  }
  reader.places.push(child);
  reader.text = '';
  reader.textLength = 0;
  reader.isEnglish = nextIsEnglish;
}

/** The first of each counts, and of subcodes no more than a report takes. */
function isAwaited({ fault, places, hasCode }: FaultReader, child: Place): boolean {
  if (child === 'code' || child === 'faultcode') return !hasCode;
  const depth = places.length - 2;
  if (child === 'subcode') return depth < REPORT_LIMITS.subcodes;
  if (child === 'subcodeValue') return fault.subcodes.length === depth - 1;
  if (child === 'codeValue') return fault.code === null;
  return true;
}

export function takeText(reader: FaultReader, text: string, isCdata: boolean): void {
  const room = TEXT_MAX - reader.textLength;
  reader.textLength += text.length;
  if (room <= 0) return;
  const part = text.slice(0, room);
  reader.text += isCdata ? part.replaceAll('&', '&amp;') : part;
}

/** An end tag. True at that of the Fault itself. */
export function closeInFault(reader: FaultReader): boolean {
  if (reader.strangers > 0) {
    reader.strangers--;
    return false;
  }
  const { fault, text } = reader;
  const place = reader.places.pop();
  if (place === 'fault') {
    fault.reason ??= reader.firstReason;
    fault.actor ??= reader.node;
    return true;
  }
  if (place === 'faultcode' || place === 'codeValue') fault.code = text;
  if (place === 'faultcode' || place === 'code') reader.hasCode = true;
  if (place === 'subcodeValue') fault.subcodes.push(text);
  if (place === 'faultstring') fault.reason ??= text;
  if (place === 'faultactor' || place === 'role') fault.actor ??= text;
  if (place === 'node') reader.node ??= text;
  if (place === 'text') takeReason(reader, text);
  if (place === 'reason') fault.reason ??= reader.firstReason;
  return false;
}

/** The English one of several, else the first, which is known only when no other can come. */
function takeReason(reader: FaultReader, text: string): void {
  if (reader.isEnglish) reader.fault.reason ??= text;
  else reader.firstReason ??= text;
}
