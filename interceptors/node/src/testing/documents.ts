import { seededRandom } from '@soa-monitor/protocol';

/**
 * Writes SOAP documents of every legal oddity, each from a stream of choices: seeded random numbers, or an array that a
 * property test shrinks. 0 is the plainest choice, so that a stream that ran dry still makes a document.
 */
export type Choose = (options: number) => number;

/** Choices from a list, for arbitraries; zeros behind its end. */
export function choicesOf(numbers: readonly number[]): Choose {
  let at = 0;
  return (options) => (numbers[at++] ?? 0) % options;
}

/** Choices from a seed. */
export function seededChoices(seed: number): Choose {
  const unit = seededRandom(seed);
  return (options) => (unit() * 2 ** 32) % options;
}

export const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
export const ADDRESSING = [
  'http://www.w3.org/2005/08/addressing',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
] as const;
export const ENCRYPTION = 'http://www.w3.org/2001/04/xmlenc#';

const URIS = ['urn:a', 'urn:b?x=1&y=2', 'urn:ü', 'urn:geology', ADDRESSING[0], SOAP_11, SOAP_12, 'xmlns'];
const PREFIXES = ['s', 't', 'soap', 'SOAP-ENV', 'x', 'xs', 'a.b-c_d', 'é', '名', 'заказ'];
const NAMES = [
  'book',
  'Body',
  'Fault',
  'Header',
  'Envelope',
  'b.c-d_1',
  'bücher',
  'Заказ',
  '予約',
  'faultcode',
  'Text',
  'xmlns2',
];
const WORDS = ['a', ' ', '\n', 'gr\u00fc\u00dfe', '\r\n', '\t', '>', ']]', "'", '"', 'Заказ', '予', '😀', 'x=y'];
const REFERENCES = ['&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&#65;', '&#xe9;', '&#x4E2D;', '&#10;', '&#128512;'];
const ASIDES = [
  '<!---->',
  '<!-- <s:Body><evil/> -->',
  '<!-- > \' " ]]> & -->',
  '<?pi?>',
  '<?pi <s:Body> "x>" ?>',
  '<?xml-stylesheet href="a>b"?>',
];

type Scope = { readonly [prefix: string]: string };

interface Writer {
  readonly choose: Choose;
  readonly pick: <Value>(values: readonly Value[]) => Value;
}

/** A document as text, without a byte order mark and without the XML declaration, which its encoding decides. */
export function writeDocument(choose: Choose): string {
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[choose(values.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  };
  const writer: Writer = { choose, pick };
  const soap = pick([SOAP_11, SOAP_12, 'urn:other']);
  const body = (scope: Scope): string => bodyContent(writer, scope, soap);
  const envelope = (scope: Scope): string => {
    let content = between(writer);
    if (choose(6) === 5) content += element(writer, scope, pick(URIS), pick(['Header', 'Body']), stuff(writer));
    if (choose(3) > 0) content += element(writer, scope, soap, 'Header', (inner) => header(writer, inner, soap));
    content += between(writer);
    if (choose(8) === 7) content += element(writer, scope, 'urn:geology', 'Body', stuff(writer));
    content += element(writer, scope, soap, 'Body', body) + between(writer);
    return choose(10) === 9 ? content + element(writer, scope, soap, 'Body', stuff(writer)) : content;
  };
  const root = choose(20) === 19 ? pick(['envelope', 'Body', 'definitions']) : 'Envelope';
  return `${outside(writer)}${element(writer, {}, soap, root, envelope)}${outside(writer)}`;
}

type Content = (scope: Scope) => string;

function header(writer: Writer, scope: Scope, soap: string): string {
  const { choose, pick } = writer;
  let content = between(writer);
  for (let blocks = choose(4); blocks > 0; blocks--) {
    const name = pick(['MessageID', 'RelatesTo', 'Action', 'To', 'Security']);
    const kind = choose(6);
    if (kind <= 2) content += element(writer, scope, pick(ADDRESSING), name, () => text(writer));
    else if (kind === 3)
      content += element(writer, scope, 'urn:a', name, (inner) =>
        element(writer, inner, ADDRESSING[0], name, () => text(writer)),
      );
    else if (kind === 4) content += element(writer, scope, pick([soap, 'urn:a']), 'Body', stuff(writer));
    else content += element(writer, scope, pick(URIS), name, stuff(writer));
    content += between(writer);
  }
  return content;
}

function bodyContent(writer: Writer, scope: Scope, soap: string): string {
  const { choose, pick } = writer;
  const before = choose(8) === 7 ? text(writer) : between(writer);
  const kind = choose(8);
  if (kind <= 1)
    return before + element(writer, scope, pick(['urn:a', '', ...URIS]), pick(NAMES), stuff(writer)) + between(writer);
  if (kind === 2) return before;
  if (kind === 3) return before + element(writer, scope, pick([ENCRYPTION, 'urn:a']), 'EncryptedData', stuff(writer));
  if (kind === 4) return before + element(writer, scope, 'urn:geology', 'Fault', stuff(writer));
  const namespace = choose(6) === 5 ? pick([SOAP_11, SOAP_12]) : soap;
  return (
    before + element(writer, scope, namespace, 'Fault', (inner) => faultContent(writer, inner, soap)) + between(writer)
  );
}

function faultContent(writer: Writer, scope: Scope, soap: string): string {
  const { choose } = writer;
  const shape = choose(4);
  if (shape === 3) return between(writer);
  const own = shape === 0 ? '' : soap;
  let content = between(writer);
  if (choose(6) === 5) content += element(writer, scope, 'urn:geology', 'faultcode', () => text(writer));
  content += shape === 2 ? newFault(writer, scope, own) : oldFault(writer, scope, own);
  if (choose(3) > 0) {
    const name = shape === 2 ? 'Detail' : 'detail';
    content += element(writer, scope, own, name, (inner) => text(writer) + stuff(writer)(inner));
  }
  return content + between(writer);
}

function oldFault(writer: Writer, scope: Scope, own: string): string {
  const { choose } = writer;
  const inText = (): string => text(writer);
  let content = '';
  if (choose(5) < 4) content += element(writer, scope, own, 'faultcode', inText) + between(writer);
  if (choose(5) < 4) content += element(writer, scope, own, 'faultstring', inText) + between(writer);
  if (choose(3) === 2) content += element(writer, scope, own, 'faultactor', inText) + between(writer);
  return content;
}

function newFault(writer: Writer, scope: Scope, own: string): string {
  const { choose } = writer;
  const inText = (): string => text(writer);
  const subcode =
    (depth: number): Content =>
    (inner) => {
      const value = between(writer) + element(writer, inner, own, 'Value', inText) + between(writer);
      return depth === 0 ? value : value + element(writer, inner, own, 'Subcode', subcode(depth - 1));
    };
  const reasons: Content = (inner) => {
    let content = between(writer);
    for (let texts = 1 + choose(3); texts > 0; texts--) {
      const language = ['de', 'en', 'EN-us', 'eng', 'fr'][choose(5)] ?? 'de';
      content += element(writer, inner, own, 'Text', inText, ` xml:lang="${language}"`) + between(writer);
    }
    return content;
  };
  let content = '';
  if (choose(6) < 5) content += element(writer, scope, own, 'Code', subcode(choose(11)));
  if (choose(6) < 5) content += element(writer, scope, own, 'Reason', reasons);
  if (choose(3) === 2) content += element(writer, scope, own, 'Node', inText);
  if (choose(3) === 2) content += element(writer, scope, own, 'Role', inText);
  return content;
}

/** Anything at all inside an element. */
function stuff(writer: Writer, depth = 0): Content {
  return (scope) => {
    const { choose, pick } = writer;
    let content = '';
    for (let pieces = choose(4); pieces > 0; pieces--) {
      if (depth > 4 || choose(3) === 0) content += text(writer);
      else content += element(writer, scope, pick(URIS), pick(NAMES), stuff(writer, depth + 1));
    }
    return content;
  };
}

/** An element in a namespace, under a prefix that has it or is made to have it here. */
function element(writer: Writer, scope: Scope, uri: string, name: string, content: Content, attributes = ''): string {
  const { choose, pick } = writer;
  const declared: { [prefix: string]: string } = {};
  for (let extra = choose(6) - 3; extra > 0; extra--) declared[pick(['', ...PREFIXES])] = pick(URIS);
  const known = Object.keys(scope).filter((prefix) => scope[prefix] === uri && declared[prefix] === undefined);
  let prefix = '';
  const isKnown = known.length > 0 && choose(4) < 3;
  if (uri === '') {
    delete declared[''];
    if ((scope[''] ?? '') !== '' || choose(8) === 7) declared[''] = '';
  } else if (isKnown) prefix = pick(known);
  else {
    prefix = choose(3) === 2 ? '' : pick(PREFIXES);
    declared[prefix] = uri;
  }
  const inner: Scope = { ...scope, ...declared };
  const written = prefix === '' ? name : `${prefix}:${name}`;
  const all = [
    ...Object.entries(declared).map(
      ([of, value]) =>
        `${space(writer)}${of === '' ? 'xmlns' : `xmlns:${of}`}${equals(writer)}${quoted(writer, value)}`,
    ),
    ...someAttributes(writer, inner, attributes !== ''),
  ];
  if (choose(2) === 1) all.reverse();
  const inside = content(inner);
  const tag = `<${written}${all.join('')}${attributes}${choose(6) === 5 ? space(writer) : ''}`;
  if (inside === '' && choose(2) === 0) return `${tag}/>`;
  return `${tag}>${inside}</${written}${choose(8) === 7 ? space(writer) : ''}>`;
}

function someAttributes(writer: Writer, scope: Scope, hasLanguage: boolean): string[] {
  const { choose, pick } = writer;
  const prefixed = Object.keys(scope).filter((prefix) => prefix !== '');
  const names = new Set<string>();
  for (let count = choose(5) - 2; count > 0; count--) {
    const prefix = choose(4) === 3 && prefixed.length > 0 ? `${pick(prefixed)}:at${count}` : null;
    names.add(
      prefix ?? pick(['id', 'x', 'xmlnsx', 'ümlaut', 'wsu.Id', ...(hasLanguage ? [] : ['xml:lang', 'xml:space'])]),
    );
  }
  const values = ['', 'x>y', "xmlns:t='no'", '/', '/>', ' xmlns="urn:no" ', 'a\nb', 'en', '<', '&'];
  return [...names].map((name) => `${space(writer)}${name}${equals(writer)}${quoted(writer, pick(values))}`);
}

const space = ({ choose }: Writer): string => [' ', '\n', '\t', '  \r\n '][choose(4)] ?? ' ';
const equals = ({ choose }: Writer): string => ['=', ' = ', '=\n', '\t='][choose(4)] ?? '=';

/** A value in quotes, now and then with a character as a reference. */
function quoted({ choose }: Writer, value: string): string {
  const quote = choose(2) === 0 ? '"' : "'";
  let raw = '';
  for (const character of value) {
    if (character === '&') raw += choose(2) === 0 ? '&amp;' : '&#38;';
    else if (character === '<') raw += '&lt;';
    else if (character === quote) raw += quote === '"' ? '&quot;' : '&apos;';
    else if (choose(24) === 23) raw += `&#x${(character.codePointAt(0) ?? 0).toString(16)};`;
    else raw += character;
  }
  return `${quote}${raw}${quote}`;
}

/** Character data with references, CDATA, comments and instructions in between. */
function text({ choose, pick }: Writer): string {
  let content = '';
  for (let pieces = choose(6); pieces > 0; pieces--) {
    const kind = choose(8);
    if (kind <= 4) content += afterBrackets(content, pick(WORDS));
    else if (kind === 5) content += pick(REFERENCES);
    else if (kind === 6) content += `<![CDATA[${pick(['', 'x', '<s:Body>', '&amp;', ']]', ' ü ', '>', '&#65;'])}]]>`;
    else content += pick(ASIDES);
  }
  return content + (content.endsWith(']]') ? ' ' : '');
}

/** ']]>' is the one thing that may not stand in text. */
const afterBrackets = (before: string, word: string): string =>
  /\]\]?$/.test(before) && /^[\]>]/.test(word) ? ` ${word}` : word;

/** White space, comments and instructions between elements. */
function between({ choose, pick }: Writer): string {
  const kind = choose(4);
  return kind < 2 ? '' : kind === 2 ? '\n  ' : pick(ASIDES);
}

function outside({ choose, pick }: Writer): string {
  return choose(4) === 3 ? `${pick(['\n', ' \r\n'])}${pick(ASIDES)}` : '';
}
