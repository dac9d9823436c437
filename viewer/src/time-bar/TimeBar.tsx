import { useEffect, useState } from 'react';
import { useChoices, useParts, useSession } from '../app/session-context.tsx';
import { replay, seek } from './recorder.ts';
import { collectMarks, type StateMarkAt } from './state-marks.ts';
import { TimeTrack } from './TimeTrack.tsx';
import { TrafficChart } from './TrafficChart.tsx';
import { Transport } from './Transport.tsx';
import { shownWindow } from './time-scale.ts';
import { useTraffic } from './use-traffic.ts';

/** Where "now" is, and how to get elsewhere: the traffic of the window, the playhead in it, and a recorder's buttons. */
export function TimeBar() {
  const parts = useParts();
  const { spanMicros, context } = useChoices();
  const mode = useSession((snapshot) => snapshot.mode);
  const now = useSession((snapshot) => snapshot.now);
  const playhead = useSession((snapshot) => snapshot.playhead);
  const marks = useMarks();
  const shown = shownWindow(mode, now, spanMicros, context);
  const { series, words } = useTraffic(shown, now);

  return (
    <section className="time-bar" aria-label="Time">
      <Transport />
      <div className="chart">
        <TrafficChart series={series} shown={shown} />
        <TimeTrack
          shown={shown}
          replayed={mode.kind === 'replay' ? mode.window : null}
          playhead={playhead}
          marks={marks}
          series={series}
          words={words}
          onSeek={(at) => seek(parts, at)}
          onBrush={(window) => replay(parts, window)}
        />
      </div>
    </section>
  );
}

function useMarks(): readonly StateMarkAt[] {
  const { session } = useParts();
  const [marks, setMarks] = useState<readonly StateMarkAt[]>([]);
  useEffect(() => {
    const collect = () => setMarks((before) => collectMarks(before, session.getSnapshot().nodes));
    collect();
    return session.subscribe(collect);
  }, [session]);
  return marks;
}
