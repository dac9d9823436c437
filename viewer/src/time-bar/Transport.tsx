import { Pause, Play, RotateCcw, StepBack, StepForward } from 'lucide-react';
import { IconButton } from '../app/IconButton.tsx';
import { useParts, useSession } from '../app/session-context.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatNumber, formatRate, formatShare } from '../format/numbers.ts';
import { formatClockMillis, formatExact, formatSpan } from '../format/times.ts';
import { isLoud } from '../panels/deviating.ts';
import { shownTotals } from '../panels/shown-totals.ts';
import { goLive, pauseOrPlay, replay, step } from './recorder.ts';
import { SPEEDS } from './speeds.ts';

/** A recorder's buttons, the moment shown, and the totals of the minute before it. */
export function Transport() {
  const parts = useParts();
  const mode = useSession((snapshot) => snapshot.mode);
  const running = mode.kind === 'live' || (mode.kind === 'replay' && mode.playing);
  return (
    <div className="transport">
      <IconButton icon={StepBack} label="To the message before" keyName="," onPress={() => step(parts, -1)} />
      <IconButton
        icon={running ? Pause : Play}
        label={running ? 'Pause' : 'Play'}
        keyName="Space"
        onPress={() => pauseOrPlay(parts)}
      />
      <IconButton icon={StepForward} label="To the next message" keyName="." onPress={() => step(parts, 1)} />
      {mode.kind === 'replay' ? (
        <select
          className="field"
          aria-label="Speed"
          title="Speed ([ and ])"
          value={mode.speed}
          onChange={(event) => parts.session.commands.setSpeed(Number(event.target.value))}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {formatNumber(speed)}×
            </option>
          ))}
        </select>
      ) : (
        <IconButton icon={RotateCcw} label="Replay what the time bar shows" onPress={() => replay(parts)} />
      )}
      <button
        type="button"
        className="button live-button"
        aria-pressed={mode.kind === 'live'}
        title="Go live (L)"
        onClick={() => goLive(parts)}
      >
        <span className="pulse" aria-hidden="true" />
        Live
      </button>
      <Moment />
      <div className="space" />
      <Totals />
    </div>
  );
}

function Moment() {
  const playhead = useSession((snapshot) => snapshot.playhead);
  const now = useSession((snapshot) => snapshot.now);
  const mode = useSession((snapshot) => snapshot.mode);
  return (
    <>
      <time className="moment" title={formatExact(playhead)}>
        {formatClockMillis(playhead)}
      </time>
      {mode.kind === 'replay' && (
        <span className="quiet">
          {formatSpan(mode.window.from, mode.window.to, now)}
          {mode.loaded < 1 && ` · ${Math.floor(mode.loaded * 100)} % loaded`}
        </span>
      )}
      {mode.kind === 'paused' && <span className="quiet">{formatDuration(now - playhead)} behind now</span>}
    </>
  );
}

function Totals() {
  const totals = useSession(shownTotals);
  const bad = isLoud(totals?.faultShare ?? null);
  return (
    <div className="readout" title="Over all links, in the minute before the moment shown">
      <span>
        <span className="quiet">Calls</span> {formatRate(totals?.perSecond ?? null)}
      </span>
      <span>
        <span className="quiet">p95</span> {formatDuration(totals?.p95Micros ?? null)}
      </span>
      <span>
        <span className="quiet">Failed</span>{' '}
        <span className={bad ? 'bad' : ''}>{formatShare(totals?.faultShare ?? null)}</span>
      </span>
    </div>
  );
}
