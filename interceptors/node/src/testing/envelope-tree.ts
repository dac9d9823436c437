import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';

/** An element as a whole parser gives it: what the envelope reader is compared with. */
export interface TreeElement {
  readonly namespace: string;
  readonly name: string;
  readonly language: string | null;
  readonly children: TreeElement[];
  /** Its own character data, CDATA among it, without that of its children. */
  text: string;
}

/** By saxes, strict and with its namespaces. Null: not well-formed. */
export function saxesTree(text: string): TreeElement | null {
  const parser = new SaxesParser({ xmlns: true });
  const open: TreeElement[] = [];
  let root: TreeElement | null = null;
  let hasFailed = false;
  parser.on('error', () => {
    hasFailed = true;
  });
  parser.on('doctype', () => {
    hasFailed = true;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const language = attributes['xml:lang']?.value ?? null;
    const element: TreeElement = { namespace: uri, name: local, language, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const append = (part: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  try {
    parser.write(text).close();
  } catch {
    return null;
  }
  return hasFailed ? null : root;
}

const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** References one by one: fast-xml-parser leaves the numeric ones alone, and this must not be the reader's own expansion. */
function expanded(raw: string): string {
  let out = '';
  for (let at = 0; at < raw.length; ) {
    const end = raw.charAt(at) === '&' ? raw.indexOf(';', at) : -1;
    if (end < 0) {
      out += raw.charAt(at++);
      continue;
    }
    const name = raw.slice(at + 1, end);
    out += name.startsWith('#x')
      ? String.fromCodePoint(Number.parseInt(name.slice(2), 16))
      : name.startsWith('#')
        ? String.fromCodePoint(Number(name.slice(1)))
        : (NAMED.get(name) ?? raw.slice(at, end + 1));
    at = end + 1;
  }
  return out;
}

const ATTRIBUTES = ':@';

/** By fast-xml-parser, which knows no namespaces: they are resolved here, over its tree. For well-formed texts only. */
export function fastTree(text: string): TreeElement | null {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    cdataPropName: '#cdata',
    maxNestedTags: 100_000,
  });
  const nodes: unknown = parser.parse(text);
  return elementsOf(nodes, new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]))[0] ?? null;
}

function elementsOf(nodes: unknown, scope: ReadonlyMap<string, string>): TreeElement[] {
  if (!Array.isArray(nodes)) return [];
  const elements: TreeElement[] = [];
  for (const node of nodes) {
    const written = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== '#text' && key !== '#cdata');
    if (written !== undefined) elements.push(elementOf(written, node[written], node[ATTRIBUTES] ?? {}, scope));
  }
  return elements;
}

function elementOf(
  written: string,
  nodes: unknown,
  attributes: Readonly<Record<string, string>>,
  outer: ReadonlyMap<string, string>,
): TreeElement {
  const scope = new Map(outer);
  let language: string | null = null;
  for (const [name, raw] of Object.entries(attributes)) {
    const value = expanded(raw.replaceAll('\r\n', '\n').replace(/[\t\n\r]/g, ' '));
    if (name === 'xmlns') scope.set('', value);
    else if (name.startsWith('xmlns:')) scope.set(name.slice(6), value);
    else if (name === 'xml:lang') language = value;
  }
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? '' : written.slice(0, colon);
  return {
    namespace: scope.get(prefix) ?? '',
    name: written.slice(colon + 1),
    language,
    children: elementsOf(nodes, scope),
    text: textOf(nodes),
  };
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  let text = '';
  for (const node of nodes) {
    if (typeof node['#text'] === 'string') text += expanded(node['#text'].replace(/\r\n?/g, '\n'));
    else if (Array.isArray(node['#cdata'])) {
      for (const part of node['#cdata']) text += String(part['#text']).replace(/\r\n?/g, '\n');
    }
  }
  return text;
}
