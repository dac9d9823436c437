import { useMemo } from 'react';
import { useChoices, useParts, useSession } from '../app/session-context.tsx';
import { createScrub, replay, seek } from './recorder.ts';
import { TimeTrack } from './TimeTrack.tsx';
import { TrafficChart } from './TrafficChart.tsx';
import { Transport } from './Transport.tsx';
import { shownWindow } from './time-scale.ts';
import { useMarks } from './use-marks.ts';
import { useTraffic } from './use-traffic.ts';

/** Where "now" is, and how to get elsewhere: the traffic of the window, the playhead in it, and a recorder's buttons. */
export function TimeBar() {
  const parts = useParts();
  const { spanMicros, context } = useChoices();
  const mode = useSession((snapshot) => snapshot.mode);
  const now = useSession((snapshot) => snapshot.now);
  const playhead = useSession((snapshot) => snapshot.playhead);
  const shown = shownWindow(mode, now, spanMicros, context);
  const marks = useMarks(shown);
  const { series, words } = useTraffic(shown, now);
  const scrub = useMemo(() => createScrub(parts), [parts]);

  return (
    <section className="time-bar" aria-label="Time">
      <Transport />
      <div className="chart">
        <TrafficChart series={series} shown={shown} />
        <TimeTrack
          shown={shown}
          replayed={mode.kind === 'replay' ? mode.window : null}
          there={mode.kind === 'replay' ? (mode.there ?? null) : null}
          playhead={playhead}
          marks={marks}
          series={series}
          words={words}
          scrub={scrub}
          onSeek={(at) => seek(parts, at)}
          onBrush={(window) => replay(parts, window)}
        />
      </div>
    </section>
  );
}
