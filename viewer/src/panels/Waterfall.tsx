import type { Exchange } from '@soa-monitor/protocol';
import { formatDuration } from '../format/durations.ts';
import { formatShare } from '../format/numbers.ts';
import { type WaterfallPart, waterfallOf } from './waterfall.ts';

/** Where the time went: the caller's view in one lane, the ways and the service in the other. */
export function Waterfall({ exchange }: { readonly exchange: Exchange }) {
  const waterfall = waterfallOf(exchange);
  if (waterfall === null)
    return (
      <section>
        <h3>Where the time went</h3>
        <p className="quiet">
          Not known: {exchange.outcome === null ? 'the call is still in flight' : 'only one of its moments was seen'}.
        </p>
      </section>
    );
  const { parts } = waterfall;
  return (
    <section>
      <h3>Where the time went</h3>
      <div className="waterfall">
        <div className="lane" aria-hidden="true">
          {parts.filter((part) => part.kind !== 'whole').map(bar)}
        </div>
        <dl>
          {parts.map((part) => (
            <Part key={part.kind} part={part} />
          ))}
        </dl>
        {exchange.halves !== 'both' && (
          <p className="quiet small">
            Only the {exchange.halves === 'client' ? 'caller' : 'service'} reported this message: the ways there and
            back are not known.
          </p>
        )}
      </div>
    </section>
  );
}

function Part({ part }: { readonly part: WaterfallPart }) {
  return (
    <>
      <dt>
        {part.kind !== 'whole' && <span className={`part swatch ${part.kind}`} aria-hidden="true" />}
        {WORDS[part.kind]}
      </dt>
      <dd className="number">{formatDuration(part.durationMicros)}</dd>
      <dd className="number quiet">{part.kind === 'whole' ? '' : formatShare(part.width)}</dd>
    </>
  );
}

const bar = (part: WaterfallPart) => (
  <div
    key={part.kind}
    className={`part ${part.kind}`}
    style={{ left: `${part.offset * 100}%`, width: `${part.width * 100}%` }}
  />
);

const WORDS: Record<WaterfallPart['kind'], string> = {
  whole: 'As the caller saw it',
  request: 'Request on its way',
  service: 'In the service',
  reply: 'Reply on its way',
};
