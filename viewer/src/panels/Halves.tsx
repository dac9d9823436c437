import type { ExchangeDetail, Half } from '@soa-monitor/protocol';
import { formatDuration } from '../format/durations.ts';
import { formatBytes } from '../format/numbers.ts';
import { formatClockMillis, formatExact } from '../format/times.ts';
import { halvesWords } from './exchange-words.ts';

/** Both sides' records of one exchange, next to each other. */
export function Halves({ detail }: { readonly detail: ExchangeDetail }) {
  const { client, server } = detail;
  return (
    <section>
      <h3>As each side recorded it</h3>
      <p className="small">{halvesWords(detail)}</p>
      <table className="halves">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Moment</span>
            </th>
            <th scope="col">Caller</th>
            <th scope="col">Service</th>
          </tr>
        </thead>
        <tbody>
          {LINES.map(({ word, value }) => (
            <tr key={word}>
              <th scope="row">{word}</th>
              <td>{client === null ? 'not seen' : value(client)}</td>
              <td>{server === null ? 'not seen' : value(server)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const after = (half: Half, offset: number | null) =>
  offset === null ? 'none' : <span title={formatExact(half.start + offset)}>+{formatDuration(offset)}</span>;

const LINES = [
  {
    word: 'Request begins',
    value: (half: Half) => <span title={formatExact(half.start)}>{formatClockMillis(half.start)}</span>,
  },
  { word: 'Request whole', value: (half: Half) => after(half, half.requestLast) },
  { word: 'Reply begins', value: (half: Half) => after(half, half.replyFirst) },
  { word: 'Reply whole', value: (half: Half) => after(half, half.replyLast) },
  { word: 'Outcome known', value: (half: Half) => after(half, half.end) },
  { word: 'Outcome', value: (half: Half) => half.outcome ?? 'in flight' },
  { word: 'Request', value: (half: Half) => formatBytes(half.requestBytes) },
  { word: 'Reply', value: (half: Half) => formatBytes(half.replyBytes) },
];
