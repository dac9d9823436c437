import { wishedSample } from './sampling.ts';

export interface Watch {
  /** Where to go on from, when the viewer has deltas of this epoch. */
  readonly deltaSeq: number | null;
  readonly sample: number;
}

/** The border for `watch`. What cannot be read is as if it had not been sent: the viewer then gets a snapshot. */
export function decodeWatch(value: unknown, epoch: string): Watch {
  if (typeof value !== 'object' || value === null) return { deltaSeq: null, sample: 1 };
  const deltaSeq = 'deltaSeq' in value ? value.deltaSeq : null;
  const isResumed = 'epoch' in value && value.epoch === epoch && typeof deltaSeq === 'number';
  return {
    deltaSeq: isResumed && Number.isSafeInteger(deltaSeq) && deltaSeq >= 0 ? deltaSeq : null,
    sample: wishedSample('sample' in value ? value.sample : 1),
  };
}
