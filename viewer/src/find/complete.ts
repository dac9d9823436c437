import type { LinkView, NodeView } from '../session/session.ts';
import { FIELDS, type Field, isField, isMeasure, MEASURES } from './expression.ts';
import { examplesOf } from './quantity.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What could stand at the caret: put in the place of the columns `[from, to)`. */
export interface Completion {
  readonly text: string;
  readonly words: string;
  readonly from: number;
  readonly to: number;
}

/** Whose names there are. */
interface Seen {
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
}

/** At most `limit`, the likeliest first. */
export function completionsAt(
  text: string,
  caret: number,
  { nodes, links }: Seen,
  limit: number,
): readonly Completion[] {
  const before = tokensOf(text.slice(0, caret));
  const last = before.at(-1);
  const isInWord = last?.kind === 'word' && last.end === caret;
  const typed = isInWord ? last.text : '';
  const from = isInWord ? last.at : caret;
  const place = placeAfter(isInWord ? before.slice(0, -1) : before);
  return candidates(place, { nodes, links })
    .filter(
      ({ text: candidate }) => candidate.toLowerCase().startsWith(typed.toLowerCase()) && candidate.trim() !== typed,
    )
    .slice(0, limit)
    .map((candidate) => ({ ...candidate, from, to: caret }));
}

/** What the grammar wants next. */
type Place =
  | { readonly kind: 'term' }
  | { readonly kind: 'joint'; readonly canClose: boolean }
  | { readonly kind: 'value'; readonly field: Field }
  | { readonly kind: 'compare' }
  | { readonly kind: 'quantity'; readonly examples: readonly string[] }
  | { readonly kind: 'nothing' };

function placeAfter(tokens: readonly Token[]): Place {
  const last = tokens.at(-1);
  const previous = tokens.at(-2);
  if (last === undefined || last.kind === '(') return { kind: 'term' };
  if (last.kind === ':') {
    const field = previous?.kind === 'word' ? previous.text.toLowerCase() : '';
    return isField(field) ? { kind: 'value', field } : { kind: 'nothing' };
  }
  if (last.kind === 'compare') {
    const measure = previous?.kind === 'word' ? previous.text.toLowerCase() : '';
    return isMeasure(measure)
      ? { kind: 'quantity', examples: examplesOf(MEASURES[measure].units) }
      : { kind: 'nothing' };
  }
  if (last.kind === 'word' && /^(and|or|not)$/i.test(last.text)) return { kind: 'term' };
  const isValue = previous?.kind === ':' || previous?.kind === 'compare';
  if (last.kind === 'word' && !isValue && isMeasure(last.text.toLowerCase())) return { kind: 'compare' };
  const opened = tokens.filter(({ kind }) => kind === '(').length - tokens.filter(({ kind }) => kind === ')').length;
  return { kind: 'joint', canClose: opened > 0 };
}

type Candidate = Pick<Completion, 'text' | 'words'>;

function candidates(place: Place, seen: Seen): readonly Candidate[] {
  switch (place.kind) {
    case 'term':
      return [
        ...Object.entries(FIELDS).map(([field, words]) => ({ text: `${field}:`, words })),
        ...Object.entries(MEASURES).map(([measure, { words }]) => ({ text: `${measure} `, words })),
        { text: 'not ', words: 'the opposite' },
      ];
    case 'joint':
      return [
        { text: 'and ', words: 'both' },
        { text: 'or ', words: 'either' },
        ...(place.canClose ? [{ text: ') ', words: 'close the bracket' }] : []),
      ];
    case 'compare':
      return [
        { text: '> ', words: 'more than' },
        { text: '< ', words: 'less than' },
        { text: '>= ', words: 'at least' },
        { text: '<= ', words: 'at most' },
        { text: '= ', words: 'exactly' },
      ];
    case 'quantity':
      return place.examples.map((text) => ({ text: `${text} `, words: '' }));
    case 'value':
      return namesFor(place.field, seen).map((name) => ({ text: `${quotedIfNeeded(name)} `, words: place.field }));
    case 'nothing':
      return [];
  }
}

function namesFor(field: Field, { nodes, links }: Seen): readonly string[] {
  if (field === 'operation') return ['*', ...new Set(links.flatMap(({ operations = [] }) => operations).sort())];
  const names = nodes.flatMap(({ node, state, within }): readonly (string | null | undefined)[] => {
    switch (field) {
      case 'state':
        return [state];
      case 'server':
        return [node.kind === 'server' ? node.name : within?.server];
      case 'machine':
        return [node.kind === 'machine' ? node.name : within?.machine];
      case 'node':
      case 'from':
      case 'to':
        return [node.name];
      default:
        return [node.kind === field ? node.name : null];
    }
  });
  return ['*', ...[...new Set(names.filter((name) => name != null))].sort()];
}

const quotedIfNeeded = (name: string): string => (/[\s():"<>=]/.test(name) ? `"${name.replaceAll('"', '?')}"` : name);
