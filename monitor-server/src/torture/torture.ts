import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../store/testing/random.ts';
import { ACTS, type ActName } from './acts.ts';

export interface TortureSettings {
  readonly millis: number;
  readonly seed: number;
  /** Acts get folders under it; that of a failed act is kept. */
  readonly folder: string;
  /** Only these acts; all unless given. */
  readonly only?: readonly ActName[];
  /** The number of the one act to play, to see a failure again. */
  readonly act?: number;
  readonly tell?: (line: string) => void;
  /** The ingest key of its monitors; made of the seed unless given. */
  readonly key?: string;
}

export interface Tortured {
  readonly seed: number;
  readonly seconds: number;
  readonly kills: number;
  /** Acknowledged. */
  readonly rows: number;
  readonly acts: { readonly [name: string]: number };
  readonly failures: readonly Failure[];
  /** Acts that could not be played here, and why. */
  readonly notes: readonly string[];
}

export interface Failure {
  readonly act: number;
  readonly name: string;
  /** Where all that the act left behind is kept. */
  readonly folder: string;
  readonly findings: readonly string[];
}

/** Half of all acts are kills: the others are drawn in turn. */
const KILL_SHARE = 0.5;
const FINDINGS_TOLD_MAX = 20;

/** Plays acts until the time is over. Each has a seed of its own, drawn from the run's: the same number is the same act. */
export async function torture(settings: TortureSettings): Promise<Tortured> {
  const { millis, seed, folder, only, act: oneAct, tell = () => {}, key = `torture-key-${seed}` } = settings;
  const begun = performance.now();
  const until = begun + millis;
  const acts: { [name: string]: number } = {};
  const failures: Failure[] = [];
  const notes = new Set<string>();
  let kills = 0;
  let rows = 0;
  mkdirSync(folder, { recursive: true });
  for (let number = oneAct ?? 0; performance.now() < until; number++) {
    const random = createRandom(seed * 1_000_003 + number);
    const name = nameOf(random.chance(KILL_SHARE), seed + number, only);
    const stageFolder = join(folder, `act-${seed}-${number}-${name}`);
    rmSync(stageFolder, { recursive: true, force: true });
    mkdirSync(stageFolder);
    const stage = { random, folder: stageFolder, name: `${seed}-${number}`, key, until };
    const actBegun = performance.now();
    const played = await ACTS[name](stage).catch((error: unknown) => ({
      kills: 0,
      rows: 0,
      findings: [`the act broke off: ${error instanceof Error ? error.stack : String(error)}`],
      notes: [],
    }));
    kills += played.kills;
    rows += played.rows;
    acts[name] = (acts[name] ?? 0) + 1;
    for (const note of played.notes ?? []) notes.add(`${name}: ${note}`);
    const findings = played.findings.slice(0, FINDINGS_TOLD_MAX);
    if (findings.length > 0) {
      failures.push({ act: number, name, folder: stageFolder, findings });
      writeFileSync(join(stageFolder, 'findings.txt'), `${played.findings.join('\n')}\n`);
    } else rmSync(stageFolder, { recursive: true, force: true });
    const seconds = Math.round((performance.now() - actBegun) / 100) / 10;
    tell(JSON.stringify({ act: number, name, kills: played.kills, rows: played.rows, seconds, findings }));
    if (oneAct !== undefined) break;
  }
  const seconds = Math.round((performance.now() - begun) / 1_000);
  return { seed, seconds, kills, rows, acts, failures, notes: [...notes] };
}

/** In turn, from another one on with each seed: short runs come to all of them too. */
function nameOf(isKill: boolean, turn: number, only: readonly ActName[] | undefined): ActName {
  const names = only ?? ALL;
  if (isKill && names.includes('kill')) return 'kill';
  const others = names.length === 1 ? names : names.filter((name) => name !== 'kill');
  return others[turn % others.length] ?? 'kill';
}

const ALL = Object.keys(ACTS).filter((name): name is ActName => name in ACTS);
