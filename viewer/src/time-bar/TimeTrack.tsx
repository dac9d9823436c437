import type { Window } from '@soa-monitor/protocol';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { formatCount, formatRate } from '../format/numbers.ts';
import { formatClock, formatExact } from '../format/times.ts';
import { ChangeMark } from './ChangeMark.tsx';
import type { StateMarkAt } from './state-marks.ts';
import { brushed, momentAt, shareOf } from './time-scale.ts';
import { barAt, type TrafficSeries } from './traffic-series.ts';

export interface TimeTrackProps {
  readonly shown: Window;
  readonly replayed: Window | null;
  readonly playhead: number;
  readonly marks: readonly StateMarkAt[];
  readonly series: TrafficSeries;
  readonly words: string | null;
  readonly onSeek: (at: number) => void;
  readonly onBrush: (window: Window) => void;
}

/** Over the chart: the playhead, the marks, and the pointer and keys that move through time. A click seeks, a drag picks a window. */
export function TimeTrack(props: TimeTrackProps) {
  const { shown, replayed, playhead, marks, series, words, onSeek, onBrush } = props;
  const [drag, setDrag] = useState<Drag | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const brush = drag === null || !drag.moved ? null : brushed(drag.from, drag.to, shown);

  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const share = shareUnder(event);
    setDrag({ x: event.clientX, from: share, to: share, moved: false });
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    setHover(shareUnder(event));
    if (drag === null) return;
    setDrag({ ...drag, to: shareUnder(event), moved: drag.moved || Math.abs(event.clientX - drag.x) > DRAG_PIXELS });
  };
  const end = () => {
    if (drag === null) return;
    if (brush !== null) onBrush(brush);
    else onSeek(momentAt(drag.to, shown));
    setDrag(null);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.shiftKey ? 10 * series.stepMicros : series.stepMicros;
    const to = { ArrowLeft: playhead - step, ArrowRight: playhead + step, Home: shown.from, End: shown.to }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onSeek(Math.round(Math.min(shown.to, Math.max(shown.from, to))));
  };

  return (
    <div
      className="track"
      role="slider"
      tabIndex={0}
      aria-label="Moment shown"
      aria-valuemin={shown.from}
      aria-valuemax={shown.to}
      aria-valuenow={Math.min(shown.to, Math.max(shown.from, playhead))}
      aria-valuetext={formatClock(playhead)}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => setHover(null)}
      onKeyDown={press}
    >
      <span className="scale">{words ?? (series.highest > 0 ? `max ${formatRate(series.highest)}` : '')}</span>
      {replayed !== null && (
        <>
          <div className="outside" style={{ left: 0, width: percent(shareOf(replayed.from, shown)) }} />
          <div className="outside" style={{ left: percent(shareOf(replayed.to, shown)), right: 0 }} />
        </>
      )}
      {marks
        .filter((mark) => mark.at >= shown.from && mark.at <= shown.to)
        .map((mark) => (
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
      {hover !== null && <Hover share={hover} shown={shown} series={series} brush={brush} />}
    </div>
  );
}

interface HoverProps {
  readonly share: number;
  readonly shown: Window;
  readonly series: TrafficSeries;
  readonly brush: Window | null;
}

function Hover({ share, shown, series, brush }: HoverProps) {
  const at = momentAt(share, shown);
  const bar = barAt(series, at);
  const words =
    brush !== null
      ? `Replay ${formatClock(brush.from)} – ${formatClock(brush.to)}`
      : bar === null
        ? formatClock(at)
        : `${formatClock(at)} · ${formatRate(bar.perSecond)}${bar.bad > 0 ? ` · ${formatCount(bar.bad)} failed` : ''}`;
  return (
    <span
      className="hover"
      style={{ left: `clamp(96px, ${percent(share)}, calc(100% - 96px))` }}
      title={formatExact(at)}
    >
      {words}
    </span>
  );
}

interface Drag {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly moved: boolean;
}

const DRAG_PIXELS = 4;

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

function shareUnder(event: PointerEvent<HTMLDivElement>): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
}
