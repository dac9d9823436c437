import type { FiguresView, LinkView, NodeView } from '../session/session.ts';
import type { Compare, Expression, Field, Measure, Unit } from './expression.ts';
import { fits } from './glob.ts';

/** What can be looked at: a node, or a link with its two ends. */
export type Thing =
  | { readonly kind: 'node'; readonly node: NodeView }
  | {
      readonly kind: 'link';
      readonly link: LinkView;
      readonly source: NodeView | undefined;
      readonly target: NodeView | undefined;
    };

/**
 * Whether it holds of a thing; null: not known, as when nothing ended in the minute and there is no p95. What is not known is
 * neither found nor, behind a `not`, taken for found: unknown is not healthy. Of a link a name holds when it holds of either
 * end.
 */
export function holds(expression: Expression, thing: Thing): boolean | null {
  switch (expression.kind) {
    case 'and':
      return both(holds(expression.left, thing), holds(expression.right, thing));
    case 'or':
      return negation(both(negation(holds(expression.left, thing)), negation(holds(expression.right, thing))));
    case 'not':
      return negation(holds(expression.of, thing));
    case 'word':
      return endsOf(thing).some((node) => hasWord(node, expression.text));
    case 'name':
      return hasName(thing, expression.field, expression.pattern);
    case 'measure': {
      const value = valueOfMeasure(figuresOf(thing), expression.measure, expression.quantity.unit);
      return value === null ? null : compared(value, expression.compare, expression.quantity.value);
    }
  }
}

const negation = (known: boolean | null): boolean | null => (known === null ? null : !known);

function both(one: boolean | null, other: boolean | null): boolean | null {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}

const figuresOf = (thing: Thing): FiguresView => (thing.kind === 'node' ? thing.node.figures : thing.link.figures);

const endsOf = (thing: Thing): readonly NodeView[] =>
  thing.kind === 'node' ? [thing.node] : [thing.source, thing.target].filter((end) => end !== undefined);

const hasWord = ({ node, label }: NodeView, word: string): boolean =>
  [node.name, label].some((name) =>
    /[*?]/.test(word) ? fits(name, word) : name.toLowerCase().includes(word.toLowerCase()),
  );

function hasName(thing: Thing, field: Field, pattern: string): boolean | null {
  if (field === 'operation') return operationHolds(thing, pattern);
  if (field === 'from') return isCalled(thing.kind === 'link' ? thing.source : undefined, pattern);
  if (field === 'to') return isCalled(thing.kind === 'link' ? thing.target : undefined, pattern);
  return endsOf(thing).some((view) => {
    switch (field) {
      case 'node':
        return isCalled(view, pattern);
      case 'state':
        return view.state !== null && fits(view.state, pattern);
      case 'server':
        return (view.node.kind === 'server' && isCalled(view, pattern)) || fitsName(view.within?.server, pattern);
      case 'machine':
        return (view.node.kind === 'machine' && isCalled(view, pattern)) || fitsName(view.within?.machine, pattern);
      default:
        return view.node.kind === field && isCalled(view, pattern);
    }
  });
}

/** Known where links are split by it: nothing else is found by an operation, nor behind a `not`. */
function operationHolds(thing: Thing, pattern: string): boolean | null {
  if (thing.kind === 'node' || thing.link.operations === undefined) return null;
  return thing.link.operations.some((operation) => fits(operation, pattern));
}

const isCalled = (view: NodeView | undefined, pattern: string): boolean =>
  fitsName(view?.node.name, pattern) || fitsName(view?.label, pattern);

const fitsName = (name: string | null | undefined, pattern: string): boolean => name != null && fits(name, pattern);

function valueOfMeasure(figures: FiguresView, measure: Measure, unit: Unit): number | null {
  const { count, perSecond, faults, errors, p95Micros, inFlight } = figures;
  const shared = (part: number): number | null => (unit === 'count' ? part : count === 0 ? null : part / count);
  switch (measure) {
    case 'calls':
      return count;
    case 'rate':
      return perSecond;
    case 'p95':
      return p95Micros;
    case 'inflight':
      return inFlight;
    case 'faults':
      return shared(faults);
    case 'errors':
      return shared(errors);
    case 'failed':
      return shared(faults + errors);
  }
}

function compared(value: number, compare: Compare, limit: number): boolean {
  switch (compare) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '=':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
