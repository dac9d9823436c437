import { Search as SearchIcon } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { type Completion, completionsAt } from '../find/complete.ts';
import { parse } from '../find/parse.ts';
import { BUILT_IN_PRESETS, type Preset } from '../find/presets.ts';
import { KindGlyph } from '../panels/KindGlyph.tsx';
import type { NodeView, SessionSnapshot } from '../session/session.ts';
import { searchNodes } from './search-nodes.ts';
import { useChoices, useParts, useSession } from './session-context.tsx';

/**
 * What is looked for. The map follows while one types; below the box stand nodes to go to, what could be typed next, and,
 * before anything is typed, searches with a name. A combobox as WAI-ARIA has it: arrows choose, Enter takes, Tab completes.
 */
export function FindBox() {
  const { choices, session } = useParts();
  const { find: text } = useChoices();
  const nodes = useSession((snapshot) => snapshot.nodes);
  const links = useSession((snapshot) => snapshot.links);
  const own = useSession((snapshot) => snapshot.presets);
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState(text.length);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const parsed = parse(text);
  const offers = open ? offersFor(text, caret, { nodes, links }, [...own, ...BUILT_IN_PRESETS]) : [];
  const active = offers[chosen];

  const type = (next: string, at: number) => {
    choices.change({ find: next, transaction: null });
    setCaret(at);
    setChosen(-1);
    setOpen(true);
    // React sets the value first: the caret has to wait for it.
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const take = (offer: Offer) => {
    if (offer.kind === 'completion') {
      const { from, to, text: put } = offer.completion;
      return type(`${text.slice(0, from)}${put}${text.slice(to)}`, from + put.length);
    }
    choices.change({ find: offer.kind === 'preset' ? offer.preset.text : '', transaction: null });
    if (offer.kind === 'node') session.commands.select({ kind: 'node', id: offer.view.node.id });
    setOpen(false);
    setChosen(-1);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const completion = active ?? offers.find(({ kind }) => kind === 'completion');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setOpen(true);
      setChosen((before) =>
        offers.length === 0 ? -1 : (before + step + offers.length + (before < 0 && step < 0 ? 1 : 0)) % offers.length,
      );
    } else if (event.key === 'Tab' && !event.shiftKey && completion?.kind === 'completion' && text !== '')
      take(completion);
    else if (event.key === 'Enter') {
      const only = /^[^\s():"<>=]+$/.test(text) ? offers.find(({ kind }) => kind === 'node') : undefined;
      const wanted = active ?? only;
      if (wanted === undefined) setOpen(false);
      else take(wanted);
    } else if (event.key === 'Escape') {
      if (open && offers.length > 0 && text === '') setOpen(false);
      else if (text === '') event.currentTarget.blur();
      else type('', 0);
    } else return;
    event.preventDefault();
  };
  const problem = parsed.kind === 'wrong' && open && offers.length === 0 ? parsed : null;

  return (
    <search className="search">
      <SearchIcon size={16} aria-hidden="true" />
      <input
        ref={input}
        id={FIND_ID}
        role="combobox"
        aria-label="Find on the map"
        aria-expanded={offers.length > 0}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : `found-${chosen}`}
        aria-invalid={parsed.kind === 'wrong'}
        aria-describedby={problem === null ? undefined : 'find-problem'}
        autoComplete="off"
        spellCheck={false}
        maxLength={LENGTH_MAX}
        placeholder="Find: bank, faults > 1%"
        value={text}
        onChange={(event) => type(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      {text === '' && <kbd>/</kbd>}
      {offers.length > 0 && (
        <div id="found" className="found" role="listbox" aria-label="What could be found">
          {offers.map((offer, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's own
            <div
              key={keyOf(offer)}
              id={`found-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
            >
              <OfferWords offer={offer} />
            </div>
          ))}
        </div>
      )}
      {problem !== null && (
        <p id="find-problem" className="found problem" role="status">
          <code>
            {text.slice(0, problem.at)}
            <mark>{text.slice(problem.at, problem.at + 1) || '▏'}</mark>
            {text.slice(problem.at + 1)}
          </code>
          Column {problem.at + 1}: {problem.words}.
        </p>
      )}
    </search>
  );
}

type Offer =
  | { readonly kind: 'node'; readonly view: NodeView }
  | { readonly kind: 'completion'; readonly completion: Completion }
  | { readonly kind: 'preset'; readonly preset: Preset };

function offersFor(
  text: string,
  caret: number,
  { nodes, links }: Pick<SessionSnapshot, 'nodes' | 'links'>,
  presets: readonly Preset[],
): readonly Offer[] {
  if (text.trim() === '') return presets.map((preset) => ({ kind: 'preset', preset }));
  const isPlain = !/[():"<>=]/.test(text);
  const found = isPlain ? searchNodes(nodes, text, NODES_MAX) : [];
  return [
    ...found.map((view) => ({ kind: 'node', view }) as const),
    ...completionsAt(text, caret, { nodes, links }, COMPLETIONS_MAX).map(
      (completion) => ({ kind: 'completion', completion }) as const,
    ),
  ];
}

function OfferWords({ offer }: { readonly offer: Offer }) {
  switch (offer.kind) {
    case 'node':
      return (
        <>
          <KindGlyph kind={offer.view.node.kind} />
          <span className="name">{offer.view.label}</span>
          <span className="quiet small">{offer.view.state ?? offer.view.node.kind}</span>
        </>
      );
    case 'completion':
      return (
        <>
          <code>{offer.completion.text}</code>
          <span className="quiet small">{offer.completion.words}</span>
        </>
      );
    case 'preset':
      return (
        <>
          <span>{offer.preset.name}</span>
          <code className="quiet small">{offer.preset.text}</code>
        </>
      );
  }
}

const keyOf = (offer: Offer): string => {
  switch (offer.kind) {
    case 'node':
      return `node ${offer.view.node.id}`;
    case 'completion':
      return `completion ${offer.completion.text}`;
    case 'preset':
      return `preset ${offer.preset.name} ${offer.preset.text}`;
  }
};

export const FIND_ID = 'find';
const NODES_MAX = 8;
const COMPLETIONS_MAX = 8;
const LENGTH_MAX = 500;
