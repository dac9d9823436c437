import { Pause, Play, Repeat, Rewind, RotateCcw, SkipBack, SkipForward, StepBack, StepForward } from 'lucide-react';
import { IconButton } from '../app/IconButton.tsx';
import { useParts, useSession } from '../app/session-context.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatNumber, formatRate, formatShare } from '../format/numbers.ts';
import { formatClockMillis, formatExact, formatSpan } from '../format/times.ts';
import { isLoud } from '../panels/deviating.ts';
import { shownTotals } from '../panels/shown-totals.ts';
import type { SessionSnapshot } from '../session/session.ts';
import { goLive, pauseOrPlay, replay, step, stepFault, toggleLoop, turnRound } from './recorder.ts';
import { SPEEDS } from './speeds.ts';

/** A recorder's buttons, the moment shown, and the totals of the minute before it. */
export function Transport() {
  const parts = useParts();
  const mode = useSession((snapshot) => snapshot.mode);
  const isReplay = mode.kind === 'replay';
  const isBack = isReplay && mode.speed < 0;
  const running = mode.kind === 'live' || (isReplay && mode.playing);
  return (
    <div className="transport">
      <IconButton icon={SkipBack} label="To the failed call before" keyName="B" onPress={() => stepFault(parts, -1)} />
      <IconButton icon={StepBack} label="To the message before" keyName="," onPress={() => step(parts, -1)} />
      <IconButton
        icon={Rewind}
        label="Play backwards"
        keyName="R"
        pressed={isBack && running}
        onPress={() => turnRound(parts)}
      />
      <IconButton
        icon={running ? Pause : Play}
        label={running ? 'Pause' : 'Play'}
        keyName="Space"
        onPress={() => pauseOrPlay(parts)}
      />
      <IconButton icon={StepForward} label="To the next message" keyName="." onPress={() => step(parts, 1)} />
      <IconButton icon={SkipForward} label="To the next failed call" keyName="N" onPress={() => stepFault(parts, 1)} />
      {isReplay ? (
        <>
          <IconButton
            icon={Repeat}
            label="Repeat this window"
            pressed={mode.loops === true}
            onPress={() => toggleLoop(parts)}
          />
          <select
            className="field"
            aria-label="Speed"
            title="Speed ([ and ])"
            value={Math.abs(mode.speed)}
            onChange={(event) => parts.session.commands.setSpeed((isBack ? -1 : 1) * Number(event.target.value))}
          >
            {speedsWith(Math.abs(mode.speed)).map((speed) => (
              <option key={speed} value={speed}>
                {isBack ? '−' : ''}
                {formatNumber(speed)}×
              </option>
            ))}
          </select>
        </>
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

/** A link may carry a speed that is none of the choices. */
const speedsWith = (pace: number): readonly number[] =>
  SPEEDS.some((speed) => speed === pace) ? SPEEDS : [...SPEEDS, pace].sort((one, other) => one - other);

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
          {isWaiting(mode, playhead) && ' · waiting for messages'}
        </span>
      )}
      {mode.kind === 'paused' && <span className="quiet">{formatDuration(now - playhead)} behind now</span>}
    </>
  );
}

/** It would run on, and what comes next is not there. */
function isWaiting({ playing, speed, there, window }: ReplayMode, playhead: number): boolean {
  if (!playing || there === undefined) return playing;
  return speed < 0 ? playhead <= there.from && there.from > window.from : playhead >= there.to && there.to < window.to;
}

type ReplayMode = Extract<SessionSnapshot['mode'], { readonly kind: 'replay' }>;

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
