import { createChunksReader } from '@soa-monitor/interceptor/envelope';
import { atMost, print, quantileOf } from '../figure.ts';
import { HOSTILE, orderOf } from './envelopes.ts';
import { type FindOperation, PARSERS } from './parsers.ts';

const BENCH = 'envelope';
const ROUNDS = 21;
/** Of CPU time: other work of the machine counts little in it, and what it disturbs is left out by the quantile. */
const SLICE_MICROS = 8_000;
const QUIET = 0.2;
const SIZES = { '546 B': 546, '8 KB': 8_000, '200 KB': 200_000 };
const DRIPPED_BYTES = 16 * 1_024;
const SMALL = 4 * 1_024;
const LARGE = 64 * 1_024;

/** `npm run bench -- envelope`: what it costs to read one, against two parsers, and that no input costs more than its length. */
export async function envelopeBench(): Promise<void> {
  const ours = compareParsers();
  const ratio = (ours.get('200 KB') ?? Number.NaN) / (ours.get('546 B') ?? Number.NaN);
  print(atMost(BENCH, 'reading 200 KB against 600 B', ratio, 'ratio', 3, 2));
  dripBytes();
  scaleHostile();
}

/** What the reader takes, by size; the parsers take turns in each round. */
function compareParsers(): ReadonlyMap<string, number> {
  const ours = new Map<string, number>();
  for (const [size, bytes] of Object.entries(SIZES)) {
    const envelope = orderOf(bytes);
    const names = Object.keys(PARSERS);
    const micros = new Map(names.map((name) => [name, [] as number[]]));
    for (let round = -10; round < ROUNDS; round++) {
      for (const name of round % 2 === 0 ? names : [...names].reverse()) {
        const taken = microsOf(PARSERS[name] ?? (() => ''), envelope);
        if (round >= 0) micros.get(name)?.push(taken);
      }
    }
    const reader = quantileOf(micros.get('reader') ?? [], QUIET);
    ours.set(size, reader);
    for (const [name, taken] of micros) {
      const value = quantileOf(taken, QUIET);
      print({
        ...atMost(BENCH, `${name}, ${size}`, value, 'µs', null),
        peer: `${(value / reader).toFixed(1)} x the reader`,
      });
    }
  }
  return ours;
}

/** Per envelope, over as many as fit in a slice. */
function microsOf(find: FindOperation, envelope: Buffer): number {
  const begin = cpuMicros();
  let count = 0;
  let now = begin;
  while (now - begin < SLICE_MICROS) {
    for (let i = 0; i < 16 && (i === 0 || envelope.length < 50_000); i++, count++) {
      if (find(envelope) !== 'placeOrder') throw new Error('the operation was not found');
    }
    now = cpuMicros();
  }
  return (now - begin) / count;
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function dripBytes(): void {
  const envelope = Buffer.concat([
    Buffer.from('<!--'),
    Buffer.alloc(DRIPPED_BYTES, 120),
    Buffer.from('-->'),
    orderOf(546),
  ]);
  const bytes = Array.from(envelope, (byte) => Buffer.of(byte));
  const read = createChunksReader('text/xml');
  const millis = (isAskedOften: boolean): number => {
    const taken = Array.from({ length: ROUNDS }, () => {
      const begin = cpuMicros();
      if (read(bytes, isAskedOften)?.operation?.name !== 'placeOrder') throw new Error('the operation was not found');
      return (cpuMicros() - begin) / 1_000;
    });
    return quantileOf(taken, QUIET);
  };
  millis(false);
  print(atMost(BENCH, '16 KB in 1-byte chunks, event loop held', millis(false), 'ms', 5, 1));
  print(atMost(BENCH, '16 KB in 1-byte chunks, asked after each', millis(true), 'ms', null));
}

/** Per byte at 64 KB against 4 KB: 1 when it is linear. */
function scaleHostile(): void {
  const read = createChunksReader('text/xml');
  for (const [name, make] of Object.entries(HOSTILE)) {
    const [small, large] = [make(SMALL), make(LARGE)];
    // As many bytes of each, so that what is compiled meanwhile serves both.
    const perByte = (envelope: Buffer): number => {
      const times = Math.round((4 * LARGE) / envelope.length);
      const begin = cpuMicros();
      for (let i = 0; i < times; i++) read([envelope]);
      return (cpuMicros() - begin) / times / envelope.length;
    };
    const few: number[] = [];
    const many: number[] = [];
    for (let round = -10; round < ROUNDS; round++) {
      const ofSmall = perByte(small);
      const ofLarge = perByte(large);
      if (round < 0) continue;
      few.push(ofSmall);
      many.push(ofLarge);
    }
    const [slow, quick] = [quantileOf(many, QUIET), quantileOf(few, QUIET)];
    print(atMost(BENCH, `hostile: ${name}, per byte at 64 KB against 4 KB`, slow / quick, 'ratio', 2));
    print(atMost(BENCH, `hostile: ${name}, 64 KB`, (slow * LARGE) / 1_000, 'ms', null));
  }
}
