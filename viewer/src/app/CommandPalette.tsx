import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { Autocomplete, Input, Menu, MenuItem, SearchField, useFilter } from 'react-aria-components';
import { commandsOf } from './commands.ts';
import { FIND_ID } from './FindBox.tsx';
import { useParts } from './session-context.tsx';
import { searchOfView, viewOfSearch } from './view-url.ts';

/** Every command by its words (Ctrl K): type, choose with the arrows, Enter does it. */
export function CommandPalette() {
  const parts = useParts();
  const { choices } = parts;
  const navigate = useNavigate();
  const { contains } = useFilter({ sensitivity: 'base' });
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => choices.change({ paletteOpen: false });
  const commands = useMemo(
    () =>
      commandsOf({
        ...parts,
        focusSearch: () => document.getElementById(FIND_ID)?.focus(),
        goTo: (to) => void navigate({ to, search: (before) => searchOfView(viewOfSearch({ ...before })) }),
      }),
    [parts, navigate],
  );
  const run = (id: string) => {
    // Closed first: a sheet that a command opens must not lie under this one.
    dialog.current?.close();
    commands.find((command) => command.id === id)?.run();
  };
  return (
    <dialog
      ref={dialog}
      className="sheet palette"
      aria-label="Commands"
      onClose={close}
      // The field would take the first Escape to empty itself.
      onKeyDownCapture={(event) => event.key === 'Escape' && dialog.current?.close()}
    >
      <Autocomplete filter={contains}>
        <SearchField aria-label="Command" autoFocus>
          <Input className="field" placeholder="What to do, or where to go" />
        </SearchField>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
        <section className="commands" aria-label="What can be done" tabIndex={0}>
          <Menu
            aria-label="Commands"
            items={commands}
            onAction={(id) => run(String(id))}
            renderEmptyState={() => <p className="quiet">Nothing is called so.</p>}
          >
            {({ id, words, hint }) => (
              <MenuItem id={id} textValue={`${words} ${hint}`}>
                <span>{words}</span> <span className="quiet small">{hint}</span>
              </MenuItem>
            )}
          </Menu>
        </section>
      </Autocomplete>
    </dialog>
  );
}
