import { Search as SearchIcon } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { KindGlyph } from '../panels/KindGlyph.tsx';
import { StateMark } from '../panels/StateMark.tsx';
import type { NodeView } from '../session/session.ts';
import { searchNodes } from './search-nodes.ts';
import { useCommands, useSession } from './session-context.tsx';

/** Finds nodes by name: arrows choose, Enter selects. A combobox as WAI-ARIA has it. */
export function Search() {
  const commands = useCommands();
  const nodes = useSession((snapshot) => snapshot.nodes);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = searchNodes(nodes, text, FOUND_MAX);
  const active = found[Math.min(chosen, found.length - 1)];

  const select = (view: NodeView) => {
    commands.select({ kind: 'node', id: view.node.id });
    setText('');
    setChosen(0);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown') setChosen((chosen + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setChosen((chosen + found.length - 1) % Math.max(1, found.length));
    else if (event.key === 'Enter' && active !== undefined) select(active);
    else if (event.key === 'Escape') {
      if (text === '') event.currentTarget.blur();
      setText('');
    } else return;
    event.preventDefault();
  };

  return (
    <search className="search">
      <SearchIcon size={16} aria-hidden="true" />
      <input
        id={SEARCH_ID}
        role="combobox"
        aria-label="Find a node by name"
        aria-expanded={text !== ''}
        aria-controls="search-found"
        aria-activedescendant={active === undefined ? undefined : `found-${active.node.id}`}
        autoComplete="off"
        spellCheck={false}
        placeholder="Find a node"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={press}
        onBlur={() => setText('')}
      />
      {text === '' && <kbd>/</kbd>}
      {text !== '' && (
        <div id="search-found" className="found" role="listbox" aria-label="Nodes found">
          {found.map((view) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's own
            <div
              key={view.node.id}
              id={`found-${view.node.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={view === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => select(view)}
            >
              <KindGlyph kind={view.node.kind} />
              <span className="name">{view.label}</span>
              <span className="quiet small">
                {view.state === null ? view.node.kind : <StateMark state={view.state} />}
              </span>
            </div>
          ))}
          {found.length === 0 && <div className="quiet none">No node of this level has “{text}” in its name</div>}
        </div>
      )}
    </search>
  );
}

export const SEARCH_ID = 'search';
const FOUND_MAX = 12;
