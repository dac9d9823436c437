import type { Call, Exchange, ExchangeDetail, Fault } from '@soa-monitor/protocol';
import { formatDuration } from '../format/durations.ts';

/** By what evidence the two halves were joined, and how sure that is; or why they were not. */
export function joinWords({ evidence, confidence, ambiguous }: Exchange): string | undefined {
  if (evidence !== null) return confidence === null ? EVIDENCE[evidence] : `${EVIDENCE[evidence]}: ${confidence}`;
  return ambiguous ? 'nothing: ambiguous, several halves would fit, so none was joined' : undefined;
}

const EVIDENCE = {
  messageId: 'WS-Addressing message id',
  traceparent: 'trace id in the request',
  connection: 'same connection, same place on it',
  bodyHash: 'same body at the same time',
};

/** Who saw it, and how sure it is that both saw the same: a sentence or two. */
export function halvesWords({ exchange, expired }: Pick<ExchangeDetail, 'exchange' | 'expired'>): string {
  const { halves, evidence, confidence, ambiguous } = exchange;
  if (halves === 'both') {
    if (evidence === null) return 'Both sides reported it.';
    return `Both sides reported it, and it is ${SURENESS[confidence ?? 'probable']} that they mean the same message: ${WHY[evidence]}.`;
  }
  const [seen, other] = halves === 'client' ? ['caller', 'service'] : ['service', 'caller'];
  const why =
    expired != null
      ? `What the ${other} reported is older than records are kept.`
      : ambiguous
        ? `Several reports of the ${other} would fit, so none was joined: a guess would be worse.`
        : `Nothing came from the ${other} that fits.`;
  return `Only the ${seen} reported it. ${why}`;
}

const SURENESS = { certain: 'certain', high: 'as good as certain', probable: 'probable' };

const WHY = {
  messageId: 'both carry the same WS-Addressing message id',
  traceparent: 'both carry the same trace id',
  connection: 'both saw it on the same connection, at the same place on it',
  bodyHash: 'both saw the same body at the same time',
};

/** What named the operation, where it was not the Body's first child. */
export function operationSourceWords({ operationSource, encrypted, operation }: Call): string | undefined {
  if (operation === null) return encrypted ? 'not known: the Body is encrypted, and no action names it' : undefined;
  if (operationSource === undefined || operationSource === 'body') return undefined;
  const source = SOURCES[operationSource];
  return encrypted ? `named by ${source}, since the Body is encrypted` : `named by ${source}`;
}

const SOURCES = { soapAction: 'SOAPAction', parameter: 'the action parameter of Content-Type', wsa: 'wsa:Action' };

/** The fault's code with its subcodes, from the outside in. */
export const faultCodes = ({ code, subcode, subcodes }: Fault): string =>
  [code, ...(subcodes ?? (subcode === undefined ? [] : [subcode]))].join(' / ');

/** How far apart the two clocks were, which is taken out of what is shown. */
export function clockWords({ clock }: Pick<ExchangeDetail, 'clock'>): string | undefined {
  if (clock === null) return undefined;
  const { offsetMicros, uncertaintyMicros } = clock;
  const size = formatDuration(Math.abs(offsetMicros));
  const apart = offsetMicros === 0 ? 'agrees with' : offsetMicros > 0 ? `${size} ahead of` : `${size} behind`;
  return `the service’s ${apart} the caller’s (± ${formatDuration(uncertaintyMicros)}); taken out of the times`;
}

/** "took 3 HTTP rounds"; undefined: one, as usual. */
export function attemptWords({ client, server, attempts }: ExchangeDetail): string | undefined {
  const rounds = Math.max(client?.attempts ?? 0, server?.attempts ?? 0, attempts.length + 1);
  return rounds > 1 ? `took ${rounds} HTTP rounds` : undefined;
}
