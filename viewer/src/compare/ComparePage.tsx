import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { MapCanvas } from '../app/MapCanvas.tsx';
import { MapControls } from '../app/MapControls.tsx';
import { useChoices, useParts, useSession } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { saveFile } from '../charts/save-file.ts';
import { formatSpan } from '../format/times.ts';
import { ComparedTable } from './ComparedTable.tsx';
import { changesOf } from './changes-of.ts';
import { otherWindow } from './compare-search.ts';
import { comparedRows } from './compared-rows.ts';
import { csvOfComparison } from './comparison-file.ts';
import { OtherWindow } from './OtherWindow.tsx';

/** The map's window beside another one: what was added, what is gone, what became otherwise, on the map and as a table. */
export function ComparePage() {
  const search = useSearch({ from: '/compare' });
  const navigate = useNavigate({ from: '/compare' });
  const { api, session } = useParts();
  const { spanMicros } = useChoices();
  const level = useSession((snapshot) => snapshot.level);
  const replayed = useSession(({ mode }) => (mode.kind === 'replay' ? mode.window : null));
  const calm = useSession(({ now }) => Math.floor(now / CALM_MICROS) * CALM_MICROS);
  // A live window moves on in steps, and ends so long ago that late halves have come: a table that twitches cannot be read.
  const shown = replayed ?? { from: calm - spanMicros, to: calm };
  const other = otherWindow(search, shown);
  const answer = useAnswer(
    `compare ${level} ${shown.from} ${shown.to} ${other.from} ${other.to}`,
    (signal) => api.compare(other, shown, level, signal),
    0,
  );
  const comparison = answer.kind === 'ready' ? answer.value : null;
  const rows = useMemo(() => (comparison === null ? [] : comparedRows(comparison)), [comparison]);

  useEffect(() => {
    session.commands.markChanges(comparison === null ? null : changesOf(rows));
  }, [session, comparison, rows]);
  useEffect(() => () => session.commands.markChanges(null), [session]);

  const choose = ({ from, to }: { readonly from: number; readonly to: number }) =>
    void navigate({ search: (before) => ({ ...before, from2: from, to2: to }) });
  const partial = [comparison?.explain, comparison?.explain2].some((explain) => (explain?.partial.length ?? 0) > 0);
  return (
    <main className="page compare">
      <div className="page-head">
        <h2>Compare</h2>
        <span>{formatSpan(shown.from, shown.to, calm)}</span>
        <span className="quiet">with</span>
        <OtherWindow shown={shown} other={other} now={calm} onChoose={choose} />
        <span className="space" />
        <label className="choice">
          <input
            type="checkbox"
            checked={search.all === 'yes'}
            onChange={(event) =>
              void navigate({
                search: ({ all: _, ...rest }) => (event.target.checked ? { ...rest, all: 'yes' as const } : rest),
              })
            }
          />
          List what is the same too
        </label>
        <button
          type="button"
          className="button"
          disabled={comparison === null}
          onClick={() => saveFile('comparison.csv', 'text/csv', csvOfComparison(rows))}
        >
          <Download size={16} aria-hidden="true" /> CSV
        </button>
      </div>
      {answer.kind === 'failed' && <p role="alert">The windows could not be compared. {answer.words}</p>}
      {partial && (
        <p role="note">Some of what is compared is older than what is kept, or was too much: it is not whole.</p>
      )}
      <div className="compare-parts">
        <div className="compare-map">
          <MapCanvas hidden={false} onOpen={() => {}} />
          <MapControls />
          <p className="compare-key small">+ added, solid · − gone, dashed · ± changed</p>
        </div>
        <ComparedTable rows={rows} all={search.all === 'yes'} waiting={answer.kind === 'waiting'} />
      </div>
    </main>
  );
}

const CALM_MICROS = 15_000_000;
