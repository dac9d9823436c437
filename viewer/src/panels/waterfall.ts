import type { Exchange } from '@soa-monitor/protocol';

/** Where the time of one exchange went: parts of the stretch from its first to its last known moment. */
export interface Waterfall {
  readonly from: number;
  readonly lengthMicros: number;
  readonly parts: readonly WaterfallPart[];
}

export interface WaterfallPart {
  readonly kind: 'request' | 'service' | 'reply' | 'whole';
  /** 0 to 1 of the length. */
  readonly offset: number;
  readonly width: number;
  readonly durationMicros: number;
}

type Times = Pick<Exchange, 'requestSent' | 'requestReceived' | 'replySent' | 'replyReceived'>;

/** Null when fewer than two of the four times are known. A part is told only where both its ends were seen. */
export function waterfallOf(times: Times): Waterfall | null {
  const { requestSent, requestReceived, replySent, replyReceived } = times;
  const known = [requestSent, requestReceived, replySent, replyReceived].filter((time) => time !== null);
  const from = Math.min(...known);
  const lengthMicros = Math.max(...known) - from;
  if (known.length < 2) return null;
  const part = (kind: WaterfallPart['kind'], begin: number | null, end: number | null): readonly WaterfallPart[] => {
    if (begin === null || end === null) return [];
    const durationMicros = Math.max(0, end - begin);
    const share = (micros: number): number => (lengthMicros === 0 ? 0 : micros / lengthMicros);
    return [{ kind, offset: share(begin - from), width: share(durationMicros), durationMicros }];
  };
  return {
    from,
    lengthMicros,
    parts: [
      ...part('whole', requestSent, replyReceived),
      ...part('request', requestSent, requestReceived),
      ...part('service', requestReceived, replySent),
      ...part('reply', replySent, replyReceived),
    ],
  };
}
