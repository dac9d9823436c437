import { join } from 'node:path';
import { MANIFEST } from './backlog.ts';
import { type Disk, isAbsent } from './disk.ts';
import { type Manifest, parseManifest, readManifest } from './manifest.ts';
import { BEAT_MILLIS, isGone, type Owner, parseOwner } from './owner.ts';
import { parseSegmentName, type Segment, segmentName, unpackSegment } from './segment.ts';

/** What a process left behind that ended before the monitor had taken everything. */
export interface Orphan {
  readonly folder: string;
  readonly manifest: Manifest;
  /** In order; those that are settled already are not among them. */
  readonly segments: readonly Segment[];
}

export const OWNER = 'owner.json';
/** So that nothing in the folder is ever taken for ours that is not. */
const PREFIX = 'soa-monitor-';
const FOLDER_NAME = /^soa-monitor-([A-Za-z0-9_-]{16,64})(?:\.[A-Za-z0-9_-]{16,64})?$/;
/** Entries of the folder that are looked at, and files of a sub-folder. */
const ENTRIES_MAX = 10_000;

export const folderOf = (reporter: string): string => `${PREFIX}${reporter}`;

export const ownerText = (owner: Owner): Buffer => Buffer.from(JSON.stringify(owner));

export interface OrphanParts {
  readonly disk: Disk;
  /** The folder that the processes share. */
  readonly folder: string;
  readonly self: Owner;
  /** Of this process. */
  readonly reporter: string;
  readonly now: () => number;
}

/**
 * Makes sub-folders our own whose process is gone. Renaming one is the claim: of several processes that try, the file system
 * lets one succeed, and the others find that it is not there any more. Gives at most so many.
 */
export async function claimOrphans(parts: OrphanParts, countMax: number): Promise<readonly Orphan[]> {
  const { disk, folder, reporter } = parts;
  const orphans: Orphan[] = [];
  const names = await disk.names(folder).catch(() => []);
  for (const name of names.slice(0, ENTRIES_MAX)) {
    if (orphans.length >= countMax) break;
    const owner = FOLDER_NAME.exec(name)?.[1];
    if (owner === undefined || name.includes(reporter)) continue;
    if (!(await isOrphaned(parts, join(folder, name)).catch(() => false))) continue;
    const claimed = join(folder, `${folderOf(owner)}.${reporter}`);
    const isOurs = await disk
      .rename(join(folder, name), claimed)
      .then(() => disk.write(join(claimed, OWNER), ownerText(parts.self)))
      .then(() => true)
      .catch(() => false);
    const orphan = isOurs ? await readOrphan(disk, claimed) : null;
    if (orphan !== null) orphans.push(orphan);
  }
  return orphans.sort((a, b) => a.manifest.header.sentAt - b.manifest.header.sentAt);
}

/** An owner whose file is damaged: it may live, and then the file is touched. */
const UNREADABLE: Owner = { pid: 0, startedAt: null, scope: '' };

/** Without an owner it was let go of, or is being made: then it is young. Rejects when the disk does not tell. */
async function isOrphaned({ disk, self, now }: OrphanParts, path: string): Promise<boolean> {
  const ownerPath = join(path, OWNER);
  const text = await disk
    .read(ownerPath)
    .then(String, (error: unknown) => (isAbsent(error) ? null : Promise.reject(error)));
  if (text !== null) {
    const beatAt = await disk.modifiedAt(ownerPath);
    return isGone(parseOwner(text) ?? UNREADABLE, self, beatAt, now());
  }
  const isLetGo = await disk.read(join(path, MANIFEST)).then(
    () => true,
    () => false,
  );
  return isLetGo || now() - (await disk.modifiedAt(path)) > BEAT_MILLIS;
}

/** Null when nobody can say whose rows these are; nothing is left of it then. */
async function readOrphan(disk: Disk, folder: string): Promise<Orphan | null> {
  const names = await disk.names(folder).catch(() => []);
  const found = names.slice(0, ENTRIES_MAX).flatMap((name) => parseSegmentName(name) ?? []);
  const segments = latestOfEach(found);
  const told = await disk.read(join(folder, MANIFEST)).then(String, () => '');
  const manifest = parseManifest(told) ?? (await manifestOfSegments(disk, folder, segments));
  if (manifest === null) {
    await disk.remove(folder).catch(() => {});
    return null;
  }
  return { folder, manifest, segments: segments.filter(({ number }) => number > manifest.settledThrough) };
}

/** The last segment was begun as a copy that grows: of two with one number, the longer one is whole. */
function latestOfEach(found: readonly Segment[]): readonly Segment[] {
  const ofNumber = new Map<number, Segment>();
  for (const segment of found) {
    if ((ofNumber.get(segment.number)?.rows ?? -1) < segment.rows) ofNumber.set(segment.number, segment);
  }
  return [...ofNumber.values()].sort((a, b) => a.number - b.number);
}

async function manifestOfSegments(disk: Disk, folder: string, segments: readonly Segment[]): Promise<Manifest | null> {
  for (const segment of segments) {
    const file = await disk.read(join(folder, segmentName(segment))).catch(() => null);
    const manifest = file === null ? null : readManifest(await unpackSegment(segment, file));
    if (manifest !== null) return manifest;
  }
  return null;
}
