import { Pin, PinOff } from 'lucide-react';
import { useCommands } from '../app/session-context.tsx';
import { formatNumber } from '../format/numbers.ts';
import { CHARGE_DEFAULT } from '../scene/layout/forces-default.ts';
import type { NodeView } from '../session/session.ts';

/** Where the node stays on the map, and how strongly it pushes the others away. */
export function NodePlace({ view }: { readonly view: NodeView }) {
  const commands = useCommands();
  const { id } = view.node;
  const pinned = view.place?.pinned ?? false;
  const charge = view.place?.charge;
  return (
    <section>
      <h3>Place on the map</h3>
      <div className="controls">
        <button type="button" className="button" aria-pressed={pinned} onClick={() => commands.pin(id, !pinned)}>
          {pinned ? <PinOff size={16} aria-hidden="true" /> : <Pin size={16} aria-hidden="true" />}
          {pinned ? 'Let go' : 'Pin here'}
        </button>
        <label title="How strongly it pushes other nodes away">
          Charge
          {/* Negative: nodes repel each other. */}
          <input
            type="range"
            min={0}
            max={CHARGE_MAX}
            step={CHARGE_STEP}
            value={-(charge ?? CHARGE_DEFAULT)}
            aria-valuetext={charge === undefined ? 'as the others' : formatNumber(-charge)}
            onChange={(event) => commands.setCharge(id, -Number(event.target.value))}
          />
        </label>
        <button
          type="button"
          className="button"
          disabled={charge === undefined}
          title="The charge that all nodes begin with"
          onClick={() => commands.setCharge(id, null)}
        >
          Reset
        </button>
      </div>
    </section>
  );
}

const CHARGE_MAX = 6_000;
const CHARGE_STEP = 100;
