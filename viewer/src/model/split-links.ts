import { linkId } from '@soa-monitor/protocol';
import type { LevelGraph, LevelLink } from './levels.ts';

/** Of one link so many operations are drawn apart; the rest are one more. Beyond it curves cannot be told from each other. */
export const OPERATIONS_APART_MAX = 12;

/**
 * The operation level: the endpoint level's nodes where they stand, and each of its links as one for each operation. A link
 * of which no operation is known stays whole. `linkOf` then knows a link's operations too, by `operationKey`.
 */
export function splitLinks(level: LevelGraph, operationsOf: (link: string) => readonly string[]): LevelGraph {
  const links: LevelLink[] = [];
  const linkOf = new Map<string, number>();
  for (const whole of level.links) {
    for (const member of whole.members) linkOf.set(member, links.length);
    const parts = partsOf(whole.members.flatMap(operationsOf));
    if (parts.length === 0) links.push(whole);
    for (const [rank, operations] of parts.entries()) {
      for (const member of whole.members) {
        for (const operation of operations) linkOf.set(operationKey(member, operation), links.length);
      }
      links.push({ ...whole, id: linkId(whole.id, operations.join('\n')), operations, rank });
    }
  }
  return { ...level, links, linkOf };
}

/** A link of endpoint level and one operation on it. */
export const operationKey = (link: string, operation: string): string => `${link} ${operation}`;

/** How an operation, or what was put together of several, is called. */
export function operationWords(operations: readonly string[]): string {
  const [first = ''] = operations;
  if (operations.length > 1) return `${operations.length} more operations`;
  return first === '' ? 'unknown operation' : first;
}

/** By name, so that they stay where they are whatever their traffic. */
function partsOf(operations: readonly string[]): readonly (readonly string[])[] {
  const all = [...new Set(operations)].sort();
  if (all.length <= OPERATIONS_APART_MAX) return all.map((operation) => [operation]);
  const apart = all.slice(0, OPERATIONS_APART_MAX - 1);
  return [...apart.map((operation) => [operation]), all.slice(apart.length)];
}
