import { SlidersHorizontal } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { Arrangement, LayoutForces } from '../scene/messages.ts';
import { MAP_VIEW } from '../session/map-view.ts';
import { useCommands, useSession } from './session-context.tsx';

/** How the map is arranged, what its forces are, and what stands in the light. */
export function MapArrangement() {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Arrange the map"
        title="Arrange the map"
        popoverTarget={id}
      >
        <SlidersHorizontal size={16} aria-hidden="true" />
      </button>
      <div id={id} popover="auto" className="map-arrangement">
        <h2>Arrange the map</h2>
        <ArrangementChoice />
        <Forces />
        <Focus />
      </div>
    </>
  );
}

const ARRANGEMENTS: readonly { readonly id: Arrangement; readonly label: string }[] = [
  { id: 'force', label: 'By forces' },
  { id: 'layered', label: 'In layers, callers to the left' },
  { id: 'machines', label: 'By machine' },
];

function ArrangementChoice() {
  const { map } = useCommands();
  const arrangement = useSession((snapshot) => snapshot.mapView.arrangement);
  const pick = (id: string): void => {
    const chosen = ARRANGEMENTS.find((one) => one.id === id);
    if (chosen !== undefined) map.arrange(chosen.id);
  };
  return (
    <Field label="Layout">
      <select value={arrangement} onChange={(event) => pick(event.target.value)}>
        {ARRANGEMENTS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Forces() {
  const { map } = useCommands();
  const forces = useSession((snapshot) => snapshot.mapView.forces);
  const isByForces = useSession((snapshot) => snapshot.mapView.arrangement === 'force');
  const set = (changes: Partial<LayoutForces>): void => map.setForces({ ...forces, ...changes });
  return (
    <fieldset disabled={!isByForces}>
      <legend>Forces</legend>
      <Range
        label="Nodes repel"
        value={-forces.charge}
        min={400}
        max={8_000}
        step={200}
        set={(value) => set({ charge: -value })}
      />
      <Range
        label="Links are long"
        value={forces.linkLength}
        min={80}
        max={600}
        step={10}
        set={(linkLength) => set({ linkLength })}
      />
      <Range
        label="Pull inwards"
        value={forces.gravity}
        min={0}
        max={4}
        step={0.1}
        set={(gravity) => set({ gravity })}
      />
      <button type="button" className="button" onClick={() => map.setForces(MAP_VIEW.forces)}>
        As usual
      </button>
    </fieldset>
  );
}

interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly set: (value: number) => void;
}

const Range = ({ label, value, min, max, step, set }: RangeProps) => (
  <Field label={label}>
    <input
      type="range"
      value={value}
      min={min}
      max={max}
      step={step}
      onChange={(event) => set(event.target.valueAsNumber)}
    />
  </Field>
);

const HOPS = [1, 2, 3];
/** A longer list is not to be read; on such a map one goes by the table. */
const CHOICES_MAX = 400;

function Focus() {
  const { map } = useCommands();
  const selection = useSession((snapshot) => snapshot.selection);
  const light = useSession((snapshot) => snapshot.mapView.light);
  const lit = useSession((snapshot) => snapshot.mapView.lit);
  const nodes = useSession((snapshot) => snapshot.nodes);
  const from = selection?.kind === 'node' ? selection.id : null;
  const fromName = nodes.find(({ node }) => node.id === from)?.label;
  return (
    <fieldset>
      <legend>Focus</legend>
      {from === null || fromName === undefined ? (
        <p className="quiet">Select a node to see only what is around it, or the way from it to another.</p>
      ) : (
        <>
          <fieldset className="arrange-row">
            <legend>{`Around ${fromName}`}</legend>
            <span className="choices">
              {HOPS.map((hops) => (
                <button
                  key={hops}
                  type="button"
                  className="button"
                  aria-pressed={light?.kind === 'hops' && light.from === from && light.hops === hops}
                  onClick={() => map.light({ kind: 'hops', from, hops })}
                >
                  {hops === 1 ? '1 hop' : `${hops} hops`}
                </button>
              ))}
            </span>
          </fieldset>
          <Field label="Way to">
            <select
              value={light?.kind === 'path' ? light.to : ''}
              onChange={(event) =>
                map.light(event.target.value === '' ? null : { kind: 'path', from, to: event.target.value })
              }
            >
              <option value="">–</option>
              {nodes
                .filter(({ node }) => node.id !== from)
                .slice(0, CHOICES_MAX)
                .map(({ node, label }) => (
                  <option key={node.id} value={node.id}>
                    {label}
                  </option>
                ))}
            </select>
          </Field>
        </>
      )}
      {light !== null && (
        <p role="status">
          {lit === null ? 'No way leads there.' : `${lit.nodes} nodes and ${lit.links} links stand out.`}{' '}
          <button type="button" className="button" onClick={() => map.light(null)}>
            Show all
          </button>
        </p>
      )}
    </fieldset>
  );
}

const Field = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it holds
  <label className="arrange-row">
    <span>{label}</span>
    {children}
  </label>
);
