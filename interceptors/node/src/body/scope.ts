/** The prefixes in force, innermost last. Built on: https://www.w3.org/TR/xml-names/ */
export interface Scope {
  readonly prefixes: string[];
  readonly uris: string[];
  readonly depths: number[];
}

const XML = 'http://www.w3.org/XML/1998/namespace';
/** More declarations than this in force at once are not followed. */
const DECLARATIONS_MAX = 256;

export const createScope = (): Scope => ({ prefixes: ['xml'], uris: [XML], depths: [-1] });

/** False: there are too many, or it declares what may not be declared. */
export function declare(scope: Scope, attribute: string, uri: string, depth: number): boolean {
  const prefix = attribute === 'xmlns' ? '' : attribute.slice(6);
  if (scope.depths.length >= DECLARATIONS_MAX || prefix === 'xmlns') return false;
  if ((prefix === 'xml') !== (uri === XML)) return false;
  if (uri === '' && prefix !== '') return false;
  scope.prefixes.push(prefix);
  // A parser compares them as they are; white space around one would be a way to pass by the rules.
  scope.uris.push(uri.trim());
  scope.depths.push(depth);
  return true;
}

export function leave(scope: Scope, depth: number): void {
  while ((scope.depths[scope.depths.length - 1] ?? -1) >= depth) {
    scope.depths.pop();
    scope.prefixes.pop();
    scope.uris.pop();
  }
}

/** '' for no namespace. Null: the prefix was never declared. */
export function uriOf(scope: Scope, prefix: string): string | null {
  for (let i = scope.prefixes.length - 1; i >= 0; i--) {
    if (scope.prefixes[i] === prefix) return scope.uris[i] ?? '';
  }
  return prefix === '' ? '' : null;
}
