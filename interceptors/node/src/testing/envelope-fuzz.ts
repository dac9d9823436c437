import { gzipSync } from 'node:zlib';
import { type Attachments, REPORT_LIMITS } from '@soa-monitor/protocol';
import { type ContentType, parseContentType } from '../envelope/content-type.ts';
import { attachmentsOf } from '../envelope/count-parts.ts';
import { createKnownOpenings, recallMessage } from '../envelope/known-openings.ts';
import { createKnownShapes, hasKnownShape, learnShape } from '../envelope/known-shapes.ts';
import { createMarkupReader, feedMarkup, nextMet } from '../envelope/markup-reader.ts';
import { createMessageReader, messageText, readMessage, readOn } from '../envelope/read-message.ts';
import { createEnvelopeReader, type EnvelopeScan, endEnvelope, feedEnvelope } from '../envelope/scan-envelope.ts';
import { checkMarkup, checkWellFormed } from '../envelope/well-formed.ts';
import { createHeldBody, HELD_BYTES_MAX, type HeldBody, holdChunk } from '../observation/held-body.ts';
import { type Choose, seededChoices, writeDocument } from './documents.ts';
import { type Answer, answerOf } from './envelope-answer.ts';
import { mutateBytes, mutateText } from './envelope-mutations.ts';

/** One input that broke a promise of the envelope reader. */
export interface Finding {
  readonly seed: number;
  readonly promise: string;
  readonly detail: string;
}

export interface FuzzRun {
  readonly cases: number;
  readonly characters: number;
  readonly cpuSeconds: number;
  readonly findings: readonly Finding[];
}

/** Enough to see what is wrong. */
const FINDINGS_MAX = 20;

/** Case after case from `seed` on, until so much CPU was used or so many cases were tried. */
export function fuzz(seed: number, cpuSeconds: number, casesMax = Number.POSITIVE_INFINITY): FuzzRun {
  const begin = process.cpuUsage();
  const findings: Finding[] = [];
  let cases = 0;
  let characters = 0;
  const used = (): number => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6;
  };
  while (cases < casesMax && findings.length < FINDINGS_MAX && (cases % 64 !== 0 || used() < cpuSeconds)) {
    const caseSeed = seed + cases++;
    try {
      characters += tryCase(seededChoices(caseSeed));
    } catch (cause) {
      const promise = cause instanceof Broken ? cause.message : 'never throws';
      const detail = cause instanceof Broken ? cause.detail : String(cause instanceof Error ? cause.stack : cause);
      findings.push({ seed: caseSeed, promise, detail: detail.slice(0, 2_000) });
    }
  }
  return { cases, characters, cpuSeconds: used(), findings };
}

class Broken extends Error {
  readonly detail: string;
  constructor(promise: string, detail: string) {
    super(promise);
    this.detail = detail;
  }
}

function hold(promise: string, isKept: boolean, detail: () => string): void {
  if (!isKept) throw new Broken(promise, detail());
}

/** Gives the characters that were looked at. */
function tryCase(choose: Choose): number {
  const document = choose(40) === 39 ? '' : writeDocument(choose);
  let text = document;
  for (let times = choose(4); times > 0; times--) text = mutateText(text, choose);
  tryText(text, choose);
  const alike = [document, text, document, mutateText(document, choose), mutateText(document, choose), text];
  tryRecall(alike, choose);
  tryShapes(alike);
  let bytes: Buffer = encode(text, choose);
  const isMultipart = choose(4) === 3;
  if (isMultipart) bytes = multipart(bytes, choose);
  for (let times = choose(3); times > 0; times--) bytes = mutateBytes(bytes, choose);
  const isCompressed = choose(8) === 7;
  if (isCompressed) bytes = gzipSync(bytes, { level: 1 });
  if (isCompressed && choose(3) === 2) bytes = mutateBytes(bytes, choose);
  tryBody(bytes, typeOf(isMultipart, choose), isCompressed ? 'gzip' : null, choose);
  return text.length + bytes.length;
}

function tryText(text: string, choose: Choose): void {
  const whole = createEnvelopeReader();
  feedEnvelope(whole, text);
  const undecided = snapshot(whole.scan);
  endEnvelope(whole);

  const cut = createEnvelopeReader();
  let last = '';
  for (let at = 0; at < text.length; ) {
    const end = at + 1 + choose(choose(3) === 0 ? 3 : 200);
    feedEnvelope(cut, text.slice(at, end));
    at = end;
    if (choose(4) !== 0) continue;
    const now = snapshot(cut.scan);
    if (last !== '')
      hold(
        'more text changes no answer',
        isRefined(JSON.parse(last), JSON.parse(now)),
        () => `${last}\n${now}\n${text}`,
      );
    last = now;
  }
  hold(
    'pieces give the answer of the whole',
    snapshot(cut.scan) === undecided,
    () => `${snapshot(cut.scan)}\n${undecided}\n${text}`,
  );

  const markup = createMarkupReader();
  feedMarkup(markup, text);
  let events = 0;
  for (let met = nextMet(markup); met !== 'more' && met !== 'doctype'; met = nextMet(markup)) events++;
  // Each is met at a character of its own, and no character is passed twice: the walk is linear.
  hold('no more is met than there are characters', events <= text.length, () => `${events}: ${text}`);

  if (text.length > 30_000) return;
  const isGood = checkMarkup(text, true) === 'wellFormed';
  const part = checkMarkup(text.slice(0, choose(text.length + 1)), false);
  hold('a beginning of XML is not malformed', !isGood || part === 'unknown', () => text);
}

/** Messages that begin alike: what is known of one answers for the other only where reading it would say the same. */
function tryRecall(texts: readonly string[], choose: Choose): void {
  const openings = createKnownOpenings();
  const type = parseContentType('text/xml');
  for (const text of texts) {
    const body = createHeldBody();
    holdChunk(body, choose(2) === 0 ? text : Buffer.from(text), 'utf8');
    const recalled = recallMessage(openings, body, type, null, true);
    const read = readMessage(body, type, null);
    const given = recalled === null ? null : answerOf(recalled);
    const expected = read === null ? null : answerOf(read);
    const detail = (): string => `${JSON.stringify(given)}\n${JSON.stringify(expected)}\n${texts.join('\n')}`;
    hold('a known opening answers as reading does', JSON.stringify(given) === JSON.stringify(expected), detail);
  }
}

/** Of messages whose markup is alike, the shape says that one is XML only where the whole reader would. */
function tryShapes(texts: readonly string[]): void {
  const shapes = createKnownShapes();
  for (const text of texts) {
    const isGood = checkMarkup(text, true) === 'wellFormed';
    hold('a known shape is well-formed', isGood || !hasKnownShape(shapes, text), () => texts.join('\n'));
    if (isGood) learnShape(shapes, text);
  }
}

const snapshot = (scan: EnvelopeScan): string => JSON.stringify(scan);

/** Whether `later` says what `earlier` said, and perhaps more. */
function isRefined(earlier: EnvelopeScan, later: EnvelopeScan): boolean {
  if (earlier.isDecided) return JSON.stringify(earlier) === JSON.stringify(later);
  if (earlier.root !== 'unknown' && earlier.root !== later.root) return false;
  if ((earlier.isEncrypted && !later.isEncrypted) || (earlier.hasDoctype && !later.hasDoctype)) return false;
  const facts = ({ version, operation, messageId, relatesTo, action }: EnvelopeScan): unknown[] => [
    ...[version, operation?.name, operation?.namespace, messageId, relatesTo, action],
  ];
  const faults = ({ fault }: EnvelopeScan): unknown[] => [
    ...[fault?.code, fault?.reason, fault?.actor, fault?.detail?.name, fault?.detail?.namespace],
    ...Array.from({ length: REPORT_LIMITS.subcodes }, (_, index) => fault?.subcodes[index]),
  ];
  const before = [...facts(earlier), ...faults(earlier)];
  const after = [...facts(later), ...faults(later)];
  return before.every((value, index) => value == null || value === after[index]);
}

function tryBody(bytes: Buffer, type: ContentType, compression: string | null, choose: Choose): void {
  const whole = createHeldBody();
  holdChunk(whole, bytes, undefined);
  const expected = readMessage(whole, type, compression);
  const answer = expected === null ? null : answerOf(expected);
  if (answer !== null) tryBounds(answer);
  const attachments = countedIn(whole, type);
  hold('attachments are bounded', (attachments?.parts.length ?? 0) <= REPORT_LIMITS.attachments, () => 'too many');

  const dripped = createHeldBody();
  const reader = createMessageReader(type, compression);
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + choose(choose(3) === 0 ? 4 : 3_000));
    holdChunk(dripped, bytes.subarray(at, end), undefined);
    at = end;
    // Compressed bytes that are broken further on are not read from there on, so only the end is compared.
    if (compression === null && choose(6) === 0) readOn(reader, dripped, false);
  }
  const resumed = readOn(reader, dripped, true);
  const given = resumed === null ? null : answerOf(resumed);
  const detail = (): string =>
    `${JSON.stringify(given)}\n${JSON.stringify(answer)}\n${bytes.toString('latin1', 0, 1_500)}`;
  hold(
    'a body in chunks, asked in between, answers as the whole',
    JSON.stringify(given) === JSON.stringify(answer),
    detail,
  );
  const counted = JSON.stringify(countedIn(dripped, type));
  hold(
    'parts in chunks count as the whole',
    counted === JSON.stringify(attachments),
    () => `${counted}\n${bytes.toString('latin1', 0, 1_500)}`,
  );

  const message = messageText(whole, type, compression, HELD_BYTES_MAX);
  if (message !== null && message.bytes.byteLength < 30_000) checkWellFormed(message, choose(2) === 0);
}

const countedIn = ({ parts }: HeldBody, type: ContentType): Attachments | null =>
  parts === null ? null : attachmentsOf(parts, type);

function tryBounds({ operation, messageId, relatesTo, fault }: Answer): void {
  const within = (value: string | null | undefined, max: number): boolean => (value ?? '').length <= max;
  const text = REPORT_LIMITS.faultText;
  const isBounded =
    within(operation?.name, REPORT_LIMITS.operationName) &&
    within(operation?.namespace, REPORT_LIMITS.namespace) &&
    within(messageId, REPORT_LIMITS.messageId) &&
    within(relatesTo, REPORT_LIMITS.messageId) &&
    [fault?.code, fault?.reason, fault?.actor, fault?.detail, ...(fault?.subcodes ?? [])].every((one) =>
      within(one, text),
    ) &&
    (fault?.subcodes?.length ?? 0) <= REPORT_LIMITS.subcodes;
  hold('no text is longer than a report takes', isBounded, () => JSON.stringify({ operation, fault }).slice(0, 1_000));
}

function encode(text: string, choose: Choose): Buffer {
  const declared = choose(3) === 0 ? '<?xml version="1.0" encoding="ISO-8859-1"?>' : '';
  switch (choose(8)) {
    case 1:
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 2:
      return Buffer.from(text, 'utf16le').swap16();
    case 3:
      return Buffer.from(`\ufeff${text}`, 'utf8');
    case 4:
      return Buffer.from(declared + text, 'latin1');
    default:
      return Buffer.from(declared + text, 'utf8');
  }
}

function multipart(root: Buffer, choose: Choose): Buffer {
  const line = choose(4) === 3 ? '\n' : '\r\n';
  const parts: { head: string; content: Buffer }[] = Array.from({ length: choose(5) }, () => ({
    head: ['Content-Type: image/png', 'Content-ID: <a>', ''][choose(3)] ?? '',
    content: Buffer.from('\r\n--b-\n--b\u0000x--'.repeat(choose(40)), 'latin1'),
  }));
  parts.splice(choose(parts.length + 1), 0, { head: `Content-Type: text/xml${line}Content-ID: <Root>`, content: root });
  return Buffer.concat([
    ...parts.flatMap(({ head, content }) => [
      Buffer.from(`--b${line}${head}${line}${head === '' ? '' : line}`),
      content,
      Buffer.from(line),
    ]),
    Buffer.from(choose(4) === 3 ? '' : '--b--'),
  ]);
}

function typeOf(isMultipart: boolean, choose: Choose): ContentType {
  if (!isMultipart)
    return parseContentType(
      ['text/xml', 'text/xml; charset=windows-1251', 'text/xml; charset=utf-16'][choose(3)] ?? '',
    );
  return parseContentType(`multipart/related; boundary=b${choose(2) === 0 ? '' : '; start="<root>"'}; type="text/xml"`);
}
