import { Eye, EyeOff, Save, Trash2, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { parse } from '../find/parse.ts';
import { formatCount } from '../format/numbers.ts';
import { IconButton } from './IconButton.tsx';
import { useChoices, useParts, useSession } from './session-context.tsx';

/** How much of the map was found, and what becomes of the rest. Here, so that nothing is left out of the picture in silence. */
export function FindStrip() {
  const { choices, session } = useParts();
  const { find, hiding, transaction } = useChoices();
  const found = useSession((snapshot) => snapshot.found);
  const nodes = useSession((snapshot) => snapshot.nodes.length);
  const links = useSession((snapshot) => snapshot.links.length);
  const saved = useSession((snapshot) => snapshot.presets.find(({ text }) => text === find));
  const [naming, setNaming] = useState(false);
  if (found === null) return null;
  const isWrong = parse(find).kind === 'wrong';
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    if (typeof name === 'string' && name.trim() !== '') session.commands.keepPreset(name.trim(), find);
    setNaming(false);
  };
  return (
    <section className="find-strip" aria-label="What is found">
      <span role="status">
        {transaction === null ? '' : 'One transaction: '}
        <strong>{formatCount(found.nodes.size)}</strong> of {formatCount(nodes)} nodes,{' '}
        <strong>{formatCount(found.links.size)}</strong> of {formatCount(links)} links
        {isWrong && transaction === null ? ' of the search before' : ''}
      </span>
      {transaction === null && (
        <IconButton
          icon={hiding === 'dim' ? EyeOff : Eye}
          label={hiding === 'dim' ? 'Hide the rest' : 'Show the rest, dimmed'}
          onPress={() => choices.change({ hiding: hiding === 'dim' ? 'hide' : 'dim' })}
        />
      )}
      {transaction === null && saved === undefined && !naming && !isWrong && (
        <IconButton icon={Save} label="Keep this search under a name" onPress={() => setNaming(true)} />
      )}
      {transaction === null && saved !== undefined && (
        <IconButton
          icon={Trash2}
          label={`Forget the search “${saved.name}”`}
          onPress={() => session.commands.keepPreset(saved.name, null)}
        />
      )}
      {naming && (
        <form onSubmit={save}>
          <input
            className="field"
            name="name"
            aria-label="Name of this search"
            maxLength={NAME_LENGTH_MAX}
            ref={focusAtOnce}
          />
          <button type="submit" className="button">
            Keep
          </button>
        </form>
      )}
      <IconButton
        icon={X}
        label="Show everything"
        onPress={() => choices.change(transaction === null ? { find: '' } : { transaction: null })}
      />
    </section>
  );
}

/** One function for all renderings: the field is focused when it appears, and not again. */
const focusAtOnce = (field: HTMLInputElement | null): void => field?.focus();

const NAME_LENGTH_MAX = 60;
