import { expandStrictly } from './references.ts';
import type { StrictReader } from './strict-reader.ts';

/**
 * The text between two tags: what stands there in pieces (plain, CDATA, on both sides of a comment) is one text to whoever
 * reads it, and is looked through as one.
 */
export interface Run {
  raw: string;
  logical: string;
  hasCdata: boolean;
}

export const createRun = (): Run => ({ raw: '', logical: '', hasCdata: false });

/** False: a reference in it is not known. */
export function addToRun(run: Run, { text, start, end }: StrictReader, isCdata: boolean): boolean {
  const raw = text.slice(start, end);
  const logical = isCdata ? raw.slice(9, -3) : expandStrictly(raw);
  if (logical === null) return false;
  run.raw = run.raw === '' ? raw : run.raw + raw;
  run.logical = run.logical === '' ? logical : run.logical + logical;
  run.hasCdata ||= isCdata;
  return true;
}

/** Gives the run and begins another. */
export function endRun(run: Run): Readonly<Run> {
  const { raw, logical, hasCdata } = run;
  run.raw = '';
  run.logical = '';
  run.hasCdata = false;
  return { raw, logical, hasCdata };
}

/** A text as it is written in XML: in one CDATA section where there was one, since escaped markup is hard to read. */
export function rewritten(logical: string, inCdata: boolean): string {
  if (inCdata) return `<![CDATA[${logical.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return logical.replace(/[&<>]/g, escaped);
}

export const escaped = (character: string): string =>
  character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : '&quot;';
