import { faultShare } from '@soa-monitor/protocol';
import { useCommands, useParts, useSession } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { formatDuration } from '../format/durations.ts';
import { formatRate, formatShare, orDash } from '../format/numbers.ts';
import type { LinkView } from '../session/session.ts';
import { isLoud } from './deviating.ts';
import { ExchangeList } from './ExchangeList.tsx';
import { Figures } from './Figures.tsx';
import { Incomplete } from './Incomplete.tsx';
import { linkTitle } from './link-title.ts';
import { minuteWords } from './minute-words.ts';
import { operationsOf } from './operation-figures.ts';
import { PanelHead } from './PanelHead.tsx';
import { RowHead } from './RowHead.tsx';

export function LinkPanel({ id }: { readonly id: string }) {
  const commands = useCommands();
  const link = useSession(({ links }) => links.find((each) => each.id === id));
  const minute = useSession(minuteWords);
  const title = link === undefined ? 'Link' : linkTitle(link);
  return (
    <>
      <PanelHead title={title}>
        {link !== undefined && (
          <span className="quiet">
            Calls from{' '}
            <button type="button" className="inline" onClick={() => commands.select({ kind: 'node', id: link.source })}>
              {link.sourceLabel}
            </button>{' '}
            to{' '}
            <button type="button" className="inline" onClick={() => commands.select({ kind: 'node', id: link.target })}>
              {link.targetLabel}
            </button>
          </span>
        )}
      </PanelHead>
      <div className="body">
        <section>
          <h3>Calls {minute}</h3>
          <Figures figures={link?.figures ?? null} />
          {isOfSeveral(link) && (
            <p className="quiet small">A p95 of several operations is not known from theirs: see each.</p>
          )}
        </section>
        {link !== undefined && link.operations?.length !== 1 && <Operations link={link} />}
        <ExchangeList of={exchangesOf(id, link)} />
      </div>
    </>
  );
}

const isOfSeveral = (link: LinkView | undefined): boolean =>
  (link?.operations?.length ?? 0) > 1 && link?.figures.p95Micros === null && link.figures.count > 0;

/** Of what was put together of several operations, the whole link's. */
function exchangesOf(id: string, link: LinkView | undefined): { readonly link: string; readonly operation?: string } {
  if (link?.operations === undefined) return { link: id };
  const [operation = '', ...others] = link.operations;
  const whole = { link: link.members?.[0] ?? id };
  return operation === '' || others.length > 0 ? whole : { ...whole, operation };
}

function Operations({ link }: { readonly link: LinkView }) {
  const { api } = useParts();
  const level = useSession((snapshot) => snapshot.level);
  const playhead = useSession((snapshot) => Math.round(snapshot.playhead));
  const window = { from: playhead - MINUTE, to: playhead };
  const answer = useAnswer(
    `operations ${link.id}`,
    (signal) => api.topology(window, 'operation', signal),
    REFRESH_MILLIS,
  );
  if (answer.kind === 'waiting') return null;
  if (answer.kind === 'failed')
    return (
      <section>
        <h3>Operations</h3>
        <p className="quiet">Not known: {answer.words}</p>
      </section>
    );
  const operations = operationsOf(link, answer.value, level);
  return (
    <section>
      <h3>Operations</h3>
      <Incomplete answer={answer.value} />
      {operations.length === 0 && <p className="quiet">No call has ended in this minute.</p>}
      <div className="rows">
        {operations.length > 0 && <RowHead kind="operation" />}
        {operations.slice(0, ROWS_MAX).map((each) => (
          <div key={each.id} className="row operation">
            <span className="name" title={each.operation ?? undefined}>
              {each.operation === null || each.operation === '' ? 'unknown' : each.operation}
            </span>
            <span className="number">{formatRate(each.count / 60)}</span>
            <span className="number">{orDash(formatDuration(each.p95Micros))}</span>
            <span className={isLoud(faultShare(each)) ? 'number bad' : 'number'}>
              {orDash(formatShare(faultShare(each)))}
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}

const MINUTE = 60_000_000;
const REFRESH_MILLIS = 5_000;
const ROWS_MAX = 50;
