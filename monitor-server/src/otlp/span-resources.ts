import { resourceFromAttributes } from '@opentelemetry/resources';
import { createParties } from '../export/parties.ts';
import type { Store } from '../store/store.ts';

const RESOURCES_MAX = 10_000;

/** One object for a process, since spans are sent by it. */
export function createSpanResources(store: Pick<Store, 'node'>) {
  const parties = createParties(store);
  const made = new Map<string, ReturnType<typeof resourceFromAttributes>>();
  return async (node: string) => {
    const party = await parties.of(node);
    const key = JSON.stringify([party.machine, party.name]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const machine = party.machine === null ? {} : { 'host.name': party.machine };
    const resource = resourceFromAttributes({ 'service.name': party.name, ...machine });
    if (made.size >= RESOURCES_MAX) made.clear();
    made.set(key, resource);
    return resource;
  };
}
