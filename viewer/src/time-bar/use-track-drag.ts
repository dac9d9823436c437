import type { Window } from '@soa-monitor/protocol';
import { type PointerEvent, useRef, useState } from 'react';
import { brushed, momentAt, shareOf } from './time-scale.ts';

export interface TrackDragParts {
  readonly shown: Window;
  readonly playhead: number;
  readonly scrub: { begin(): void; to(at: number): void; end(): void };
  readonly onSeek: (at: number) => void;
  readonly onBrush: (window: Window) => void;
}

interface Drag {
  readonly kind: 'brush' | 'playhead';
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly moved: boolean;
}

/** The pointer on the time bar: a click seeks, a drag picks a window, a drag that begins at the playhead moves it. */
export function useTrackDrag({ shown, playhead, scrub, onSeek, onBrush }: TrackDragParts) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const scrubbedAt = useRef(0);
  const brush = drag === null || drag.kind === 'playhead' || !drag.moved ? null : brushed(drag.from, drag.to, shown);

  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const share = shareUnder(event);
    const reach = GRAB_PIXELS / Math.max(1, event.currentTarget.clientWidth);
    const kind = Math.abs(share - shareOf(playhead, shown)) <= reach ? 'playhead' : 'brush';
    setDrag({ kind, x: event.clientX, from: share, to: share, moved: false });
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const share = shareUnder(event);
    setHover(share);
    if (drag === null) return;
    const moved = drag.moved || Math.abs(event.clientX - drag.x) > DRAG_PIXELS;
    if (drag.kind === 'playhead' && moved) {
      if (!drag.moved) scrub.begin();
      // Each moment asks the monitor for a picture: as often as one can look at them.
      if (!drag.moved || event.timeStamp - scrubbedAt.current >= SCRUB_MILLIS) {
        scrubbedAt.current = event.timeStamp;
        scrub.to(momentAt(share, shown));
      }
    }
    setDrag({ ...drag, to: share, moved });
  };
  const end = () => {
    if (drag === null) return;
    if (brush !== null) onBrush(brush);
    else if (drag.kind === 'brush' || !drag.moved) onSeek(momentAt(drag.to, shown));
    else {
      scrub.to(momentAt(drag.to, shown));
      scrub.end();
    }
    setDrag(null);
  };

  return {
    brush,
    hover,
    handlers: {
      onPointerDown: begin,
      onPointerMove: move,
      onPointerUp: end,
      onPointerCancel: () => setDrag(null),
      onPointerLeave: () => setHover(null),
    },
  };
}

function shareUnder(event: PointerEvent<HTMLDivElement>): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
}

const DRAG_PIXELS = 4;
/** The playhead is two pixels wide; a hand hits within twelve. */
const GRAB_PIXELS = 12;
const SCRUB_MILLIS = 100;
