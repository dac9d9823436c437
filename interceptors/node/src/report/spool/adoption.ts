import type { Reporter } from '../reporter.ts';
import { type Adopted, type AdoptedParts, adopt } from './adopted.ts';
import type { Backlog } from './backlog.ts';
import { claimOrphans, type OrphanParts } from './orphans.ts';
import type { Owner } from './owner.ts';

/** Looks for what dead processes left behind, and sends it, one after the other. */
export interface Adoption {
  look(): void;
  /** The monitor takes reports: the next one can go. */
  sendNext(): void;
  /** The oldest first. */
  backlogs(): readonly Backlog[];
  stop(): void;
}

export interface AdoptionParts extends AdoptedParts, Pick<OrphanParts, 'folder' | 'reporter'> {
  readonly self: Promise<Owner>;
}

/** Held at a time; others wait until some of them are sent. */
const ADOPTED_MAX = 256;

export function createAdoption(parts: AdoptionParts): Adoption {
  const { disk, folder, reporter, self, inTurn, makeRoom } = parts;
  const adopted: Adopted[] = [];
  let sender: Reporter | null = null;
  let isStopped = false;

  const look = async (): Promise<void> => {
    const orphanParts = { disk, folder, reporter, self: await self, now: () => Date.now() };
    for (const orphan of await claimOrphans(orphanParts, ADOPTED_MAX - adopted.length))
      adopted.push(adopt(orphan, parts));
    // They count within the bound of this process from now on.
    makeRoom(0);
  };

  const sendNext = (): void => {
    const [first] = adopted;
    if (sender !== null || first === undefined || isStopped) return;
    sender = first.send(() => {
      adopted.shift();
      sender = null;
      sendNext();
    });
  };

  return {
    look: () => void inTurn(look).catch(() => {}),
    sendNext,
    backlogs: () => adopted.map((one) => one.backlog),
    stop: () => {
      isStopped = true;
      sender?.stop();
    },
  };
}
