import { type FeedItems, type FromSchema, feedSchema, LEVELS } from '@soa-monitor/protocol';
import type { Answer, Api } from '../feed/api.ts';
import { conforms } from '../feed/conforms.ts';
import { readReplayPage } from '../feed/replay-page.ts';

const time = { type: 'integer', minimum: 0 } as const;

/** What a file that replays offline holds: the picture at the window's beginning, and the store's own pages of the window. */
export const incidentSchema = {
  type: 'object',
  properties: {
    format: { enum: ['soa-monitor-incident'] },
    version: { enum: [1] },
    madeAt: { ...time, description: 'Epoch µs' },
    window: {
      type: 'object',
      properties: { from: time, to: time },
      required: ['from', 'to'],
      additionalProperties: false,
    },
    at: { type: 'number', description: 'Where the playhead stood' },
    level: { enum: LEVELS },
    theme: { enum: ['light', 'dark', 'contrast'] },
    find: { type: 'string' },
    sample: { type: 'integer', minimum: 1 },
    /** Why it is not the whole window; empty: it is. */
    incomplete: { type: 'string' },
    first: feedSchema,
    pages: { type: 'array', items: { type: 'string' }, description: 'Replay pages in columns, base64' },
    places: {
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    },
  },
  required: [
    ...(['format', 'version', 'madeAt', 'window', 'at', 'level', 'theme', 'find', 'sample', 'incomplete'] as const),
    ...(['first', 'pages', 'places'] as const),
  ],
  additionalProperties: false,
} as const;

export type Incident = FromSchema<typeof incidentSchema>;

/** 100,000 messages and a file of a few megabytes: what a mail takes. A longer window is cut, and the file says so. */
const PAGES_MAX = 20;
const PAGE_LENGTH = 5_000;

export type IncidentHead = Omit<Incident, 'format' | 'version' | 'first' | 'pages' | 'sample' | 'incomplete'>;

/** Reads a window for a file. `progress`: share of the pages that are there, as far as it is known. */
export async function readIncident(
  api: Pick<Api, 'pictureAt' | 'replayBytes'>,
  head: IncidentHead,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Answer<Incident>> {
  const { window } = head;
  const picture = await api.pictureAt(window.from, signal);
  if (picture.kind !== 'ok') return picture;
  const pages: string[] = [];
  let cursor: string | null = null;
  let sample = 1;
  do {
    const query = { window, sample: 1, limit: PAGE_LENGTH, ...(cursor === null ? {} : { cursor }) };
    const answer = await api.replayBytes(query, signal);
    if (answer.kind !== 'ok') return answer;
    const page = readReplayPage(answer.value);
    if (page === null) return { kind: 'failed', status: 0, words: 'The monitor gave a page that cannot be read.' };
    pages.push(base64Of(new Uint8Array(answer.value)));
    ({ cursor, sample } = page);
    progress(cursor === null ? 1 : pages.length / PAGES_MAX);
  } while (cursor !== null && pages.length < PAGES_MAX);
  const incomplete =
    cursor === null ? '' : `Only the first ${PAGES_MAX * PAGE_LENGTH} messages of the window are in this file.`;
  const value: Incident = {
    ...head,
    format: 'soa-monitor-incident',
    version: 1,
    sample,
    incomplete,
    first: picture.value.feed,
    pages,
  };
  return { kind: 'ok', value };
}

/** Null: it is no such file, or one of a later version. */
export function parseIncident(text: string): Incident | null {
  try {
    const value: unknown = JSON.parse(text);
    return conforms(incidentSchema, value) ? value : null;
  } catch {
    return null;
  }
}

/** Everything the file knows, in the order of time; null: a page is damaged. */
export function itemsOf({ first, pages }: Incident): readonly FeedItems[] | null {
  const items: FeedItems[] = [first];
  for (const page of pages) {
    const read = readReplayPage(bytesOf(page));
    if (read === null) return null;
    items.push(read.feed);
  }
  return items;
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  // In slices: a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += SLICE)
    binary += String.fromCharCode(...bytes.subarray(start, start + SLICE));
  return btoa(binary);
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

const SLICE = 8_192;
