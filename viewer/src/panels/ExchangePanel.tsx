import type { Exchange, ExchangeDetail } from '@soa-monitor/protocol';
import { RotateCcw } from 'lucide-react';
import { type Parts, useCommands, useParts, useSession } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { formatDuration } from '../format/durations.ts';
import { formatExact } from '../format/times.ts';
import { replay } from '../time-bar/recorder.ts';
import { Attempts } from './Attempts.tsx';
import { Bodies } from './Bodies.tsx';
import { ExchangeFacts } from './ExchangeFacts.tsx';
import { faultCodes } from './exchange-words.ts';
import { Halves } from './Halves.tsx';
import { useNodeLabels } from './node-labels.ts';
import { OutcomeMark } from './OutcomeMark.tsx';
import { PanelHead } from './PanelHead.tsx';
import { TransactionTree } from './TransactionTree.tsx';
import { Waterfall } from './Waterfall.tsx';

/** One exchange: what was asked and answered, where its time went, how both ends saw it, and what it was part of. */
export function ExchangePanel({ id }: { readonly id: string }) {
  const { api } = useParts();
  const answer = useAnswer(`exchange ${id}`, (signal) => api.exchange(id, signal), REFRESH_MILLIS);
  if (answer.kind !== 'ready')
    return (
      <>
        <PanelHead title="Message" />
        <div className="body">
          <section>
            <p className="quiet" role="status">
              {answer.kind === 'waiting' ? 'Loading …' : `It could not be loaded. ${answer.words}`}
            </p>
          </section>
        </div>
      </>
    );
  return <ExchangeView detail={answer.value} />;
}

export function ExchangeView({ detail }: { readonly detail: ExchangeDetail }) {
  const parts = useParts();
  const { exchange } = detail;
  return (
    <>
      <PanelHead title={<span className="name large">{exchange.call.operation?.name ?? 'Unknown operation'}</span>}>
        <Ends exchange={exchange} />
        <p className="summary">
          <OutcomeMark exchange={exchange} />
          {exchange.durationMicros !== null && exchange.outcome !== null && (
            <span>{formatDuration(exchange.durationMicros)}</span>
          )}
          <time className="quiet">{formatExact(exchange.start)}</time>
        </p>
      </PanelHead>
      <div className="body">
        {exchange.fault !== null && (
          <section className="fault">
            <h3>Fault</h3>
            <p className="name">{faultCodes(exchange.fault)}</p>
            {exchange.fault.reason !== undefined && <p>{exchange.fault.reason}</p>}
            {exchange.fault.detail !== undefined && <p className="name quiet">{exchange.fault.detail}</p>}
          </section>
        )}
        <section className="actions">
          <button type="button" className="button" onClick={() => replayAround(parts, exchange)}>
            <RotateCcw size={16} aria-hidden="true" />
            Replay it on the map
          </button>
        </section>
        <Waterfall exchange={exchange} />
        <Attempts detail={detail} />
        <Bodies detail={detail} />
        <TransactionTree transaction={exchange.transaction} current={exchange.id} />
        <ExchangeFacts detail={detail} />
        <Halves detail={detail} />
      </div>
    </>
  );
}

function Ends({ exchange }: { readonly exchange: Exchange }) {
  const commands = useCommands();
  const labelOf = useNodeLabels();
  const isOnMap = useSession(({ links }) => links.some((link) => link.id === exchange.link));
  const words = `${labelOf(exchange.source, exchange.sourceName)} → ${labelOf(exchange.target, exchange.targetName)}`;
  if (!isOnMap) return <span className="quiet">{words}</span>;
  return (
    <button type="button" className="inline" onClick={() => commands.select({ kind: 'link', id: exchange.link })}>
      {words}
    </button>
  );
}

/** Some seconds before and after it, from just before it leaves. */
function replayAround(parts: Parts, { start, durationMicros }: Exchange): void {
  const window = { from: start - AROUND_MICROS, to: start + (durationMicros ?? 0) + AROUND_MICROS };
  replay(parts, window, { at: start - LEAD_MICROS });
}

const AROUND_MICROS = 5_000_000;
const LEAD_MICROS = 500_000;
const REFRESH_MILLIS = 5_000;
