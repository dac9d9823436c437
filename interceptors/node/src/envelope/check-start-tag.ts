import { createNamespaces, declare, isFull, leaveTag, type Namespaces } from './namespaces.ts';
import { attributeText } from './references.ts';
import { hasOnlyCharacters, hasOnlyKnownReferences, isBlank, isQualifiedName } from './xml-names.ts';

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Whether each start tag of a document is one: attributes quoted and said once, every prefix declared. */
export interface TagChecker {
  /** The name, what stands behind it up to '>' or '/>', and how many elements are open around it. */
  isGood(name: string, attributes: string, depth: number): boolean;
}

/** `isPlain`: the document is known to be ASCII without references, so its values need no look. */
export function createTagChecker(isPlain = false): TagChecker {
  const scope = createNamespaces();
  return {
    isGood: (name, attributes, depth) => {
      leaveTag(scope, depth);
      if (!isQualifiedName(name)) return false;
      if (attributes === '' || isBlank(attributes)) return isDeclared(scope, name);
      const read = readAttributes(attributes, isPlain);
      if (read === null) return false;
      for (const [attribute, value] of read) {
        if (!mayDeclare(attribute, value)) return false;
        if (isDeclaration(attribute)) declare(scope, attribute, value, depth);
      }
      return isDeclared(scope, name) && areDistinct(scope, read);
    },
  };
}

const isDeclaration = (attribute: string): boolean => attribute === 'xmlns' || attribute.startsWith('xmlns:');

const ATTRIBUTE = /[ \t\r\n]+([^ \t\r\n=<>"'/&]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;

function readAttributes(attributes: string, isPlain: boolean): ReadonlyMap<string, string> | null {
  const read = new Map<string, string>();
  let at = 0;
  ATTRIBUTE.lastIndex = 0;
  for (let match = ATTRIBUTE.exec(attributes); match !== null; match = ATTRIBUTE.exec(attributes)) {
    const name = match[1] ?? '';
    const value = match[2] ?? match[3] ?? '';
    if (read.has(name) || !isQualifiedName(name)) return null;
    if (!isPlain && !(hasOnlyCharacters(value) && hasOnlyKnownReferences(value))) return null;
    read.set(name, value);
    at = ATTRIBUTE.lastIndex;
  }
  return isBlank(attributes.slice(at)) ? read : null;
}

/** Namespaces in XML 1.0: what `xml` and `xmlns` are bound to, and that a prefix cannot be undeclared. */
function mayDeclare(attribute: string, raw: string): boolean {
  if (!isDeclaration(attribute)) return true;
  const uri = attributeText(raw);
  const prefix = attribute.slice(6);
  if (prefix === 'xmlns' || uri === XMLNS) return false;
  if (prefix === 'xml' || uri === XML) return prefix === 'xml' && uri === XML;
  return prefix === '' || uri !== '';
}

/** -1 where the prefix is not declared. */
function declarationOf({ prefixes }: Namespaces, prefix: string): number {
  return prefixes.lastIndexOf(prefix);
}

const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')));

function isDeclared(scope: Namespaces, name: string): boolean {
  const prefix = prefixOf(name);
  if (prefix === 'xmlns') return false;
  return prefix === '' || prefix === 'xml' || declarationOf(scope, prefix) >= 0 || isFull(scope);
}

/** No two attributes with the same name in the same namespace. */
function areDistinct(scope: Namespaces, read: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  for (const attribute of read.keys()) {
    if (!attribute.includes(':')) continue;
    const prefix = prefixOf(attribute);
    if (prefix === 'xml' || isDeclaration(attribute)) continue;
    const at = declarationOf(scope, prefix);
    if (at < 0) return isFull(scope);
    const expanded = `${attributeText(scope.uris[at] ?? '')}\n${attribute.slice(prefix.length + 1)}`;
    if (seen.has(expanded)) return false;
    seen.add(expanded);
  }
  return true;
}
