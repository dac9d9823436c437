import type { Window } from '@soa-monitor/protocol';
import type { KeyboardEvent } from 'react';
import { formatCount, formatRate } from '../format/numbers.ts';
import { formatClock, formatExact } from '../format/times.ts';
import { ChangeMark } from './ChangeMark.tsx';
import { markWords, type StateMarkAt } from './state-marks.ts';
import { momentAt, shareOf } from './time-scale.ts';
import { barAt, type TrafficSeries } from './traffic-series.ts';
import { type TrackDragParts, useTrackDrag } from './use-track-drag.ts';

export interface TimeTrackProps extends TrackDragParts {
  readonly replayed: Window | null;
  /** What of a replay is loaded. */
  readonly there: Window | null;
  readonly marks: readonly StateMarkAt[];
  readonly series: TrafficSeries;
  readonly words: string | null;
}

/** Over the chart: the playhead, the marks, and the pointer and keys that move through time. */
export function TimeTrack(props: TimeTrackProps) {
  const { shown, replayed, there, playhead, marks, series, words, onSeek } = props;
  const { brush, hover, handlers } = useTrackDrag(props);

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.shiftKey ? 10 * series.stepMicros : series.stepMicros;
    const to = { ArrowLeft: playhead - step, ArrowRight: playhead + step, Home: shown.from, End: shown.to }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onSeek(Math.round(Math.min(shown.to, Math.max(shown.from, to))));
  };

  return (
    <>
      <ul className="visually-hidden" aria-label="Changes in what the time bar shows">
        {marks.map((mark) => (
          <li key={`${mark.node} ${mark.state} ${mark.at}`}>{`${formatClock(mark.at)} ${markWords(mark)}`}</li>
        ))}
      </ul>
      <div
        className="track"
        role="slider"
        tabIndex={0}
        aria-label="Moment shown"
        aria-valuemin={shown.from}
        aria-valuemax={shown.to}
        aria-valuenow={Math.min(shown.to, Math.max(shown.from, playhead))}
        aria-valuetext={formatClock(playhead)}
        {...handlers}
        onKeyDown={press}
      >
        <span className="scale">{words ?? (series.highest > 0 ? `max ${formatRate(series.highest)}` : '')}</span>
        {replayed !== null && (
          <>
            <div className="outside" style={{ left: 0, width: percent(shareOf(replayed.from, shown)) }} />
            <div className="outside" style={{ left: percent(shareOf(replayed.to, shown)), right: 0 }} />
          </>
        )}
        {there !== null && (
          <div
            className="there"
            style={{ left: percent(shareOf(there.from, shown)), right: percent(1 - shareOf(there.to, shown)) }}
          />
        )}
        {marks.map((mark) => (
          <ChangeMark
            key={`${mark.node} ${mark.state} ${mark.at}`}
            mark={mark}
            left={percent(shareOf(mark.at, shown))}
          />
        ))}
        {brush !== null && (
          <div
            className="brush"
            style={{ left: percent(shareOf(brush.from, shown)), right: percent(1 - shareOf(brush.to, shown)) }}
          />
        )}
        <div className="playhead" style={{ left: percent(shareOf(playhead, shown)) }} />
        {hover !== null && <Hover share={hover} shown={shown} series={series} brush={brush} marks={marks} />}
      </div>
    </>
  );
}

interface HoverProps {
  readonly share: number;
  readonly shown: Window;
  readonly series: TrafficSeries;
  readonly brush: Window | null;
  readonly marks: readonly StateMarkAt[];
}

function Hover({ share, shown, series, brush, marks }: HoverProps) {
  const at = momentAt(share, shown);
  const near = marks.find((mark) => Math.abs(mark.at - at) < (shown.to - shown.from) * NEAR_SHARE);
  const bar = barAt(series, at);
  const words =
    brush !== null
      ? `Replay ${formatClock(brush.from)} – ${formatClock(brush.to)}`
      : bar === null
        ? formatClock(at)
        : `${formatClock(at)} · ${formatRate(bar.perSecond)}${bar.bad > 0 ? ` · ${formatCount(bar.bad)} failed` : ''}`;
  const more = brush !== null || near === undefined ? '' : ` · ${markWords(near)}`;
  return (
    <span
      className="hover"
      style={{ left: `clamp(96px, ${percent(share)}, calc(100% - 96px))` }}
      title={formatExact(at)}
    >
      {words}
      {more}
    </span>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;
/** A mark is told by the pointer within so much of the bar. */
const NEAR_SHARE = 0.005;
