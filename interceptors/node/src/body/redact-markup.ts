import { isReferredTo, noteReferences } from './hidden-ids.ts';
import { createOutput, emit, type Output } from './output.ts';
import { REDACTED } from './patterns.ts';
import { redactValue } from './redact-value.ts';
import type { RedactionRules } from './redaction-rules.ts';
import { addToRun, createRun, endRun, type Run, rewritten } from './run.ts';
import { createScope, declare, leave, type Scope, uriOf } from './scope.ts';
import { startTag } from './start-tag.ts';
import { createStrictReader, nextToken, type StrictReader } from './strict-reader.ts';
import { type Level, noteKey, treatmentOf } from './treatment.ts';
import { isMoment } from './well-known.ts';

/** A text without its secrets; or why it is not shown. */
export type Redaction =
  | { readonly kind: 'redacted'; readonly text: string; readonly hits: number; readonly truncated: boolean }
  | { readonly kind: 'withheld'; readonly reason: string };

export interface RedactionTask {
  readonly text: string;
  /** Else it may end anywhere. */
  readonly isWhole: boolean;
  /** A piece of markup found inside a value: any number of roots, and text beside them. */
  readonly isFragment: boolean;
  /** How many values it stands in, one in the other. */
  readonly nesting: number;
  readonly rules: RedactionRules;
  /** Characters of the text given, at most. */
  readonly charsMax: number;
}

interface Walk {
  readonly task: RedactionTask;
  readonly reader: StrictReader;
  readonly scope: Scope;
  readonly levels: Level[];
  readonly output: Output;
  readonly run: Run;
  /** Where what was removed points to: Axis writes values apart, as `<multiRef id=…>`. */
  readonly hiddenIds: Set<string>;
  hasRoot: boolean;
  hits: number;
}

/** No envelope is deeper. */
const DEPTH_MAX = 256;

/** One pass, in time linear in the text. What was given out never depends on what comes after it. */
export function redactMarkup(task: RedactionTask): Redaction {
  const walk: Walk = {
    task,
    reader: createStrictReader(task.text, task.isWhole),
    scope: createScope(),
    levels: [],
    output: createOutput(task.charsMax),
    run: createRun(),
    hiddenIds: new Set(),
    hasRoot: false,
    hits: 0,
  };
  const { reader, output } = walk;
  for (;;) {
    const token = nextToken(reader);
    if (token === 'wrong') return withheld(reader.reason);
    // Comments and processing instructions are not shown, and what stands around them is one text.
    if (token === 'aside') continue;
    if (token === 'cut') {
      output.isCut = true;
      break;
    }
    if (token === 'text' || token === 'cdata') {
      if (!addToRun(walk.run, reader, token === 'cdata')) return withheld('an unknown reference');
      continue;
    }
    const text = endRun(walk.run);
    const problem =
      giveText(walk, text) ??
      (token === 'open' ? openTag(walk) : token === 'close' ? closeTag(walk, text.logical) : endText(walk));
    if (problem !== null) return withheld(problem);
    if (token === 'end' || output.isCut) break;
  }
  return { kind: 'redacted', text: output.pieces.join(''), hits: walk.hits, truncated: output.isCut };
}

const withheld = (reason: string): Redaction => ({ kind: 'withheld', reason: `it is not to be read: ${reason}` });

function giveText(walk: Walk, run: ReturnType<typeof endRun>): string | null {
  const { levels, task, output } = walk;
  if (run.raw === '') return null;
  const level = levels[levels.length - 1];
  if (level === undefined && !task.isFragment) {
    if (run.hasCdata || run.logical.trim() !== '') return 'text outside its root';
  }
  if (level?.treatment === 'removed') markRemoved(walk, level);
  else if (level?.treatment === 'structure') {
    const parent = levels[levels.length - 2]?.local ?? '';
    const isHarmless = run.logical.trim() === '' || isMoment(level.namespace, parent, level.local, run.logical);
    if (!isHarmless) walk.hits++;
    emit(output, isHarmless ? run.raw : REDACTED, true);
  } else {
    const value = redactValue(run.logical, task, redactMarkup);
    walk.hits += value.hits;
    emit(output, value.text === run.logical ? run.raw : rewritten(value.text, run.hasCdata), true);
  }
  return null;
}

/** Once, whatever is in it and however much. */
function markRemoved(walk: Walk, level: Level): void {
  if (level.isMarked) return;
  level.isMarked = true;
  if (!level.isTagShown) return;
  walk.hits++;
  emit(walk.output, REDACTED, true);
}

function openTag(walk: Walk): string | null {
  const { reader, scope, levels, task, output, hiddenIds } = walk;
  const { name, attributes } = reader;
  const depth = levels.length;
  if (depth === 0 && walk.hasRoot && !task.isFragment) return 'a second root';
  if (depth === DEPTH_MAX) return 'too deep';
  walk.hasRoot = true;
  for (const { name: attribute, value } of attributes) {
    if (attribute !== 'xmlns' && !attribute.startsWith('xmlns:')) continue;
    if (!declare(scope, attribute, value, depth)) return 'a declaration of a namespace';
  }
  const colon = name.indexOf(':');
  const namespace = uriOf(scope, colon < 0 ? '' : name.slice(0, colon));
  if (namespace === null) return 'a prefix that is not declared';
  const local = name.slice(colon + 1);
  const parent = levels[depth - 1];
  const isTagShown = parent?.treatment !== 'removed';
  let treatment = treatmentOf(parent, namespace, local, task.rules);
  if (isReferredTo(hiddenIds, attributes)) treatment = 'removed';
  if (parent !== undefined && !isTagShown) markRemoved(walk, parent);
  else {
    const tag = startTag(reader, scope, namespace, treatment, task, redactMarkup);
    if (tag.problem !== null) return tag.problem;
    treatment = tag.treatment;
    walk.hits += tag.hits;
    emit(output, tag.text, false);
  }
  if (treatment === 'removed' && !noteReferences(hiddenIds, attributes)) return 'too many references';
  if (reader.isEmpty) leave(scope, depth);
  else levels.push({ name, namespace, local, treatment, isTagShown, isMarked: !isTagShown, hidesNext: false });
  return null;
}

function closeTag(walk: Walk, text: string): string | null {
  const { reader, scope, levels, output, task } = walk;
  const level = levels.pop();
  if (level === undefined || level.name !== reader.name) return 'tags that do not match';
  leave(scope, levels.length);
  if (level.isTagShown) emit(output, reader.text.slice(reader.start, reader.end), false);
  noteKey(levels[levels.length - 1], level, text, task.rules);
  return null;
}

function endText({ levels, hasRoot, task }: Walk): string | null {
  if (levels.length > 0) return 'it ends too early';
  return hasRoot || task.isFragment ? null : 'no root';
}
