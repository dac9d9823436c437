import type { Api } from '../feed/api.ts';
import { findLens } from '../find/find-lens.ts';
import { parse } from '../find/parse.ts';
import type { Lens } from '../session/lens.ts';
import type { Session } from '../session/session.ts';
import type { Choices, ViewChoices } from './view-choices.ts';

/**
 * Shows on the map what the choices look for: a transaction's links, else what the search finds. A search that is not
 * understood leaves the map as it was. Gives the undo.
 */
export function keepLens(
  { commands }: Pick<Session, 'commands'>,
  choices: ViewChoices,
  api: Pick<Api, 'transaction'>,
): () => void {
  let shown: Wish = { find: '', hiding: 'dim', transaction: null };
  let abort = new AbortController();

  const show = () => {
    const wish = choices.get();
    if (isSame(wish, shown)) return;
    shown = { find: wish.find, hiding: wish.hiding, transaction: wish.transaction };
    abort.abort();
    abort = new AbortController();
    if (wish.transaction !== null) void showTransaction(wish.transaction, abort.signal);
    else showFound(wish);
  };
  const showFound = ({ find, hiding }: Wish) => {
    const parsed = parse(find);
    const rest = hiding === 'hide' ? 'hidden' : 'dimmed';
    if (parsed.kind === 'empty') commands.look(null, rest);
    else if (parsed.kind === 'expression') commands.look(findLens(parsed.expression), rest);
  };
  const showTransaction = async (id: string, signal: AbortSignal) => {
    const answer = await api.transaction(id, signal);
    if (signal.aborted) return;
    if (answer.kind !== 'ok') choices.change({ transaction: null });
    else commands.look(linksLens(new Set(answer.value.exchanges.map(({ link }) => link))), 'dimmed');
  };

  show();
  const stop = choices.subscribe(show);
  return () => {
    stop();
    abort.abort();
  };
}

type Wish = Pick<Choices, 'find' | 'hiding' | 'transaction'>;

const isSame = (one: Wish, other: Wish): boolean =>
  one.find === other.find && one.hiding === other.hiding && one.transaction === other.transaction;

/** Links of endpoint level, whatever the level shown, and their ends. */
const linksLens =
  (wanted: ReadonlySet<string>): Lens =>
  (_nodes, links) => {
    const shown = links.filter(({ id, members }) => wanted.has(id) || members?.some((member) => wanted.has(member)));
    return {
      nodes: new Set(shown.flatMap(({ source, target }) => [source, target])),
      links: new Set(shown.map(({ id }) => id)),
    };
  };
