import { BUILT_IN_PRESETS } from '../find/presets.ts';
import { perform, type ShortcutParts } from './keep-shortcuts.ts';
import { PAGE_LINKS } from './page-links.ts';
import { SHORTCUTS } from './shortcuts.ts';
import { THEME_CHOICES, THEME_WORDS } from './view-choices.ts';

/** Something that can be done, by its words. */
export interface Command {
  readonly id: string;
  readonly words: string;
  /** Its key, or what it does in short. */
  readonly hint: string;
  readonly run: () => void;
}

export interface CommandParts extends ShortcutParts {
  readonly goTo: (page: (typeof PAGE_LINKS)[number]['to']) => void;
}

/** Everything that can be done from the keyboard in one list: shortcuts, pages, searches, themes, and each node and link by name. */
export function commandsOf(parts: CommandParts): readonly Command[] {
  const { session, choices } = parts;
  const { nodes, links, presets } = session.getSnapshot();
  const pages = PAGE_LINKS.length < 2 ? [] : PAGE_LINKS;
  return [
    ...SHORTCUTS.filter(({ action }) => action.kind !== 'palette' && action.kind !== 'clear').map(
      ({ shown, words, action }) => ({ id: `key ${shown}`, words, hint: shown, run: () => perform(action, parts) }),
    ),
    ...pages.map(({ to, word }) => ({ id: `page ${to}`, words: word, hint: 'page', run: () => parts.goTo(to) })),
    ...[...presets, ...BUILT_IN_PRESETS].map(({ name, text }) => ({
      id: `preset ${name} ${text}`,
      words: `Find: ${name}`,
      hint: text,
      run: () => choices.change({ find: text, transaction: null }),
    })),
    ...THEME_CHOICES.map((theme) => ({
      id: `theme ${theme}`,
      words: `Theme: ${THEME_WORDS[theme]}`,
      hint: 'theme',
      run: () => choices.change({ theme }),
    })),
    ...nodes.slice(0, NAMED_MAX).map(({ node, label, state }) => ({
      id: `node ${node.id}`,
      words: label,
      hint: state === null ? node.kind : `${node.kind}, ${state}`,
      run: () => session.commands.select({ kind: 'node', id: node.id }),
    })),
    ...links.slice(0, NAMED_MAX).map((link) => ({
      id: `link ${link.id}`,
      words: `${link.sourceLabel} → ${link.targetLabel}`,
      hint: 'link',
      run: () => session.commands.select({ kind: 'link', id: link.id }),
    })),
  ];
}

/** Of nodes and of links each: a list of thousands is searched in the box of the top row. */
const NAMED_MAX = 300;
