import { X } from 'lucide-react';
import { IconButton } from '../app/IconButton.tsx';
import { selectedLabel } from '../app/selected-label.ts';
import { useChoices, useParts, useSession } from '../app/session-context.tsx';
import { formatCount } from '../format/numbers.ts';
import { minuteWords } from './minute-words.ts';
import { TwinTable } from './TwinTable.tsx';
import { orderOf, orderText, type TableOf } from './table-columns.ts';
import { linkRow, nodeRow } from './table-order.ts';

/** The map as tables: what the canvas shows, for a keyboard, a screen reader, and whoever would rather read. */
export function TableTwin() {
  const { choices, session } = useParts();
  const { tableOf: kind, tableSort } = useChoices();
  const setKind = (tableOf: TableOf) => choices.change({ tableOf, tableSort: '' });
  const nodes = useSession((snapshot) => snapshot.nodes);
  const links = useSession((snapshot) => snapshot.links);
  const selection = useSession((snapshot) => snapshot.selection);
  const minute = useSession(minuteWords);
  const selected = useSession(selectedLabel);
  const found = useSession((snapshot) => snapshot.found);
  const shownNodes = found === null ? nodes : nodes.filter(({ node }) => found.nodes.has(node.id));
  const shownLinks = found === null ? links : links.filter(({ id }) => found.links.has(id));
  const chosen = selection?.kind === kind ? selection.id : null;
  const select = (id: string) => {
    session.commands.select({ kind, id });
    choices.change({ panelFolded: false });
  };
  return (
    <section className="twin" aria-label="The map as a table">
      <header>
        <h2>The map as a table</h2>
        <fieldset className="segments" aria-label="What is listed">
          <button type="button" aria-pressed={kind === 'node'} onClick={() => setKind('node')}>
            Nodes
          </button>
          <button type="button" aria-pressed={kind === 'link'} onClick={() => setKind('link')}>
            Links
          </button>
        </fieldset>
        <span className="quiet small">
          Calls {minute}
          {found === null
            ? ''
            : ` · found: ${formatCount(shownNodes.length)} of ${formatCount(nodes.length)} nodes, ${formatCount(shownLinks.length)} of ${formatCount(links.length)} links`}
          {selected === null ? '' : ` · selected: ${selected}`}
        </span>
        <IconButton icon={X} label="Back to the map" keyName="T" onPress={() => choices.change({ tableOpen: false })} />
      </header>
      <div className="scroll">
        <TwinTable
          key={kind}
          kind={kind}
          rows={kind === 'node' ? shownNodes.map(nodeRow) : shownLinks.map(linkRow)}
          order={orderOf(tableSort, kind)}
          onOrder={(order) => choices.change({ tableSort: orderText(order, kind) })}
          selected={chosen}
          onSelect={select}
        />
      </div>
    </section>
  );
}
