import type { Attribute } from './strict-reader.ts';

/** No envelope points from its secrets to more places. */
const HIDDEN_IDS_MAX = 256;

/**
 * Where removed elements point to: by the encoding of SOAP 1.1 (Axis 1 writes so) a value may stand apart from its element,
 * `<password href="#id1"/> … <multiRef id="id1">`. False: there are too many to remember.
 */
export function noteReferences(hiddenIds: Set<string>, attributes: readonly Attribute[]): boolean {
  for (const { name, value } of attributes) {
    if (!/(?:^|:)(?:href|ref)$/.test(name)) continue;
    hiddenIds.add(value.startsWith('#') ? value.slice(1) : value);
  }
  return hiddenIds.size <= HIDDEN_IDS_MAX;
}

export const isReferredTo = (hiddenIds: ReadonlySet<string>, attributes: readonly Attribute[]): boolean =>
  hiddenIds.size > 0 && attributes.some(({ name, value }) => /(?:^|:)id$/i.test(name) && hiddenIds.has(value));
