import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, ZoomOut } from 'lucide-react';
import { useMemo } from 'react';
import { IconButton } from '../app/IconButton.tsx';
import { useParts, useSession } from '../app/session-context.tsx';
import { formatCount } from '../format/numbers.ts';
import { formatSpan } from '../format/times.ts';
import type { SessionSnapshot } from '../session/session.ts';
import { replay } from '../time-bar/recorder.ts';
import { ChartFigure } from './ChartFigure.tsx';
import { csvOfCharts } from './chart-files.ts';
import { chartSeries } from './chart-series.ts';
import { MEASURE_NAMES, type MeasureName, SPLITS, type Split } from './charts-search.ts';
import { HeatMap } from './HeatMap.tsx';
import { heatCells } from './heat-cells.ts';
import { MEASURES, type Measure } from './measures.ts';
import { HEAT, openTables, withTable } from './open-tables.ts';
import { saveFile } from './save-file.ts';
import { type Charted, PARTS_MAX, useCharts } from './use-charts.ts';

/** The traffic of the map's window as charts: all of it by every measure, or one small chart for each part of a split. */
export function ChartsPage() {
  const { split, measure = 'rate', values } = useSearch({ from: '/charts' });
  const navigate = useNavigate({ from: '/charts' });
  const parts = useParts();
  const now = useSession((snapshot) => Math.floor(snapshot.now / 60_000_000) * 60_000_000);
  const { window, answer } = useCharts(split ?? null);
  const since = useSession(firstSeen);
  const charted = answer.kind === 'ready' ? answer.value : null;
  const shown = useMemo(
    () => (charted === null ? [] : shownCharts(charted, since, split === undefined ? MEASURE_NAMES : [measure])),
    [charted, since, split, measure],
  );

  const choose = (changes: { readonly split?: Split | undefined; readonly measure?: MeasureName | undefined }) =>
    void navigate({
      // Another split has other charts: their tables are closed.
      search: ({ split: _, measure: __, values: ___, ...rest }) => {
        const { split: nextSplit, measure: nextMeasure } = { split, measure, ...changes };
        return {
          ...rest,
          ...(nextSplit === undefined ? {} : { split: nextSplit }),
          ...(nextMeasure === undefined || nextMeasure === 'rate' ? {} : { measure: nextMeasure }),
        };
      },
    });
  const tables = openTables(values);
  const toggle = (key: string) =>
    void navigate({
      replace: true,
      search: ({ values: before, ...rest }) => {
        const next = withTable(before, key);
        return next === undefined ? rest : { ...rest, values: next };
      },
    });
  const zoom = (from: number, to: number) => {
    parts.choices.change({ context: null });
    parts.session.commands.replay({
      from: Math.floor(from),
      to: Math.max(Math.floor(from) + 1_000_000, Math.ceil(to)),
    });
  };
  const zoomOut = () => {
    const margin = (window.to - window.from) / 2;
    zoom(Math.max(0, window.from - margin), Math.min(parts.session.getSnapshot().now, window.to + margin));
  };

  return (
    <main className="page charts">
      <div className="page-head">
        <h2>Charts</h2>
        <Choice
          label="Split by"
          value={split ?? ''}
          options={[['', 'nothing'], ...SPLITS.map((name): [string, string] => [name, name])]}
          onChange={(value) => choose({ split: SPLITS.find((name) => name === value) })}
        />
        {split !== undefined && (
          <Choice
            label="Show"
            value={measure}
            options={MEASURE_NAMES.map((name): [string, string] => [name, MEASURES[name].title])}
            onChange={(value) => choose({ measure: MEASURE_NAMES.find((name) => name === value) })}
          />
        )}
        <span className="quiet">{formatSpan(window.from, window.to, now)}</span>
        <IconButton icon={ZoomOut} label="Show twice the time" onPress={zoomOut} />
        <button type="button" className="button" onClick={() => replay(parts, window, { playing: true })}>
          Replay on the map
        </button>
        <span className="space" />
        <button type="button" className="button" disabled={shown.length === 0} onClick={() => saveAll(shown)}>
          <Download size={16} aria-hidden="true" /> CSV of what is seen
        </button>
      </div>
      <p className="small quiet">Drag over a chart to look closer: the map and the time bar go with it.</p>
      {answer.kind === 'waiting' && <p role="status">Loading …</p>}
      {answer.kind === 'failed' && <p role="alert">The charts could not be loaded. {answer.words}</p>}
      {answer.kind === 'ready' && answer.problem !== null && <p role="alert">These charts are old: {answer.problem}</p>}
      {charted !== null && charted.charts.length === 0 && <p>There was no traffic in this window.</p>}
      {charted !== null && charted.parts > PARTS_MAX && (
        <p className="small">
          The {PARTS_MAX} with the most traffic of {formatCount(charted.parts)}.
        </p>
      )}
      <div className={split === undefined ? 'chart-grid large' : 'chart-grid'}>
        {shown.map(({ key, title, measure: of, series, top }) => (
          <ChartFigure
            key={`${of.name} ${key}`}
            {...{ title, measure: of, series, top }}
            isTable={tables.has(key)}
            onTable={() => toggle(key)}
            onPick={zoom}
          />
        ))}
        {split === undefined && charted !== null && (
          <HeatOf charted={charted} isTable={tables.has(HEAT)} onTable={() => toggle(HEAT)} />
        )}
      </div>
    </main>
  );
}

interface HeatOfProps {
  readonly charted: Charted;
  readonly isTable: boolean;
  readonly onTable: () => void;
}

function HeatOf({ charted: { charts, window, known }, isTable, onTable }: HeatOfProps) {
  const traffic = charts[0]?.traffic;
  const cells = useMemo(
    () => (traffic === undefined ? null : heatCells(traffic, window, known)),
    [traffic, window, known],
  );
  return cells === null ? null : <HeatMap cells={cells} isTable={isTable} onTable={onTable} />;
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <label className="choice">
    <span className="quiet">{label}</span>
    <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([name, word]) => (
        <option key={name} value={name}>
          {word}
        </option>
      ))}
    </select>
  </label>
);

/** When the first node was seen; null: none was. */
const firstSeen = ({ nodes }: SessionSnapshot): number | null =>
  nodes.length === 0
    ? null
    : nodes.reduce((first, { node }) => Math.min(first, node.firstSeen), Number.MAX_SAFE_INTEGER);

interface ShownChart {
  /** By which its table is named in the address. */
  readonly key: string;
  readonly title: string;
  readonly measure: Measure;
  readonly series: ReturnType<typeof chartSeries>;
  readonly top: number;
}

/** Small charts of one measure share their scale, so that they can be compared by eye. */
function shownCharts(
  { charts, window, known }: Charted,
  since: number | null,
  names: readonly MeasureName[],
): readonly ShownChart[] {
  return names.flatMap((name) => {
    const measure = MEASURES[name];
    const made = charts.map(({ part, traffic }) => ({
      key: part.id === '' ? name : part.id,
      title: part.id === '' ? measure.title : part.name,
      measure,
      series: chartSeries(traffic, window, known, measure, since),
    }));
    const top = Math.max(0, ...made.map(({ series }) => series.highest));
    return made.map((chart) => ({ ...chart, top }));
  });
}

function saveAll(shown: readonly ShownChart[]): void {
  const measures = [...new Set(shown.map(({ measure }) => measure))];
  const text = measures
    .map((measure) =>
      csvOfCharts(
        measure,
        shown.filter((chart) => chart.measure === measure),
      ),
    )
    .join('\r\n');
  saveFile('charts.csv', 'text/csv', text);
}
