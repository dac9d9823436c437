import type { CapturedBody } from '@soa-monitor/protocol';
import { type CapturePlan, planCapture } from '../../body/body-settings.ts';
import { captureBody } from '../../body/capture-bodies.ts';
import { leaksIn, viewsOf } from './leaks.ts';
import { type GeneratedMessage, generateMessage } from './message.ts';
import { USER_NAMESPACE } from './plant.ts';
import { createRandom } from './random.ts';
import { TICKET } from './secrets.ts';

export interface Tally {
  cases: number;
  secrets: number;
  leaks: number;
  /** Values that had to survive, and did. */
  harmless: number;
  /** What should be shown and is not, or not as it should be. */
  wrongs: number;
  whole: number;
  cut: number;
  truncated: number;
  withheld: number;
  /** Of the first few: the case, and what was wrong. */
  readonly findings: string[];
}

const FINDINGS_MAX = 5;

/** What is put to the proof: the capture itself, or one that is known to be wrong. */
export type Capture = typeof captureBody;

const planOf = (maxChars: number): CapturePlan => {
  const redact = { names: [`{${USER_NAMESPACE}}ref`], patterns: [TICKET] };
  const plan = planCapture({ capture: [{ path: '*' }], maxChars, redact }, {});
  if (plan === null || typeof plan === 'string') throw new Error(`no plan: ${plan}`);
  return plan;
};

/** Case numbers from `first` up to, and without, `end`: each is a message of its own, the same in every run. */
export function prove(first: number, end: number, capture: Capture = captureBody): Tally {
  const ample = planOf(65_536);
  const plans = [ample, ample, planOf(16_384), planOf(2_000), planOf(700), planOf(100)];
  const tally: Tally = {
    ...{ cases: 0, secrets: 0, leaks: 0, harmless: 0, wrongs: 0, whole: 0, cut: 0, truncated: 0, withheld: 0 },
    findings: [],
  };
  for (let number = first; number < end; number++) {
    const random = createRandom(Math.imul(number + 1, 0x9e3779b1));
    const message = generateMessage(random);
    const plan = random.pick(plans);
    const captured = capture(message.body, message.type, message.compression, message.isComplete, plan);
    tally.cases++;
    tally.secrets += message.secrets.length;
    if (message.kind === 'cut') tally.cut++;
    if (captured === null) continue;
    const found = judge(tally, message, captured, plan, ample, capture);
    if (found !== null && tally.findings.length < FINDINGS_MAX) {
      tally.findings.push(
        `case ${number} (${message.kind}, ${plan.charsMax} characters): ${found}\n  ${JSON.stringify(captured)}`,
      );
    }
  }
  return tally;
}

function judge(
  tally: Tally,
  message: GeneratedMessage,
  captured: CapturedBody,
  plan: CapturePlan,
  ample: CapturePlan,
  capture: Capture,
): string | null {
  const leaks = leaksIn(viewsOf(captured.text), message.secrets);
  // What is reported, as it is reported.
  const reported = JSON.stringify({ requestBody: captured });
  leaks.push(...leaksIn({ plain: reported, expanded: reported, joined: '' }, message.secrets));
  if (leaks.length > 0) {
    tally.leaks++;
    return `leak of ${JSON.stringify(leaks[0])}`;
  }
  if (captured.truncated) tally.truncated++;
  if (captured.withheld !== undefined) tally.withheld++;
  const wrong = wrongWith(tally, message, captured, plan, ample, capture);
  if (wrong !== null) tally.wrongs++;
  return wrong;
}

/** So that "show nothing" does not pass: what is harmless must be there, and what is cut must begin as the whole does. */
function wrongWith(
  tally: Tally,
  message: GeneratedMessage,
  captured: CapturedBody,
  plan: CapturePlan,
  ample: CapturePlan,
  capture: Capture,
): string | null {
  const { kind, harmless } = message;
  if (captured.text.length > plan.charsMax) return 'more characters than asked for';
  if (kind === 'broken') {
    return captured.withheld === undefined && !captured.truncated ? 'shown though it cannot be read' : null;
  }
  if (captured.withheld !== undefined) return kind === 'cut' && mayBeUnreadable(message) ? null : 'withheld';
  if (kind === 'whole' && !captured.truncated) {
    tally.whole++;
    tally.harmless += harmless.length;
    const { expanded } = viewsOf(captured.text);
    const missing = harmless.find((word) => !expanded.includes(word));
    return missing === undefined ? null : `${missing} is harmless and is not shown`;
  }
  if (!captured.truncated) return mayBeUnreadable(message) ? null : 'a cut is not said';
  const whole = capture(message.uncut, message.type, message.compression, true, ample);
  if (whole === null || whole.withheld !== undefined) return null;
  if (!whole.text.startsWith(captured.text)) return 'it begins otherwise than the whole';
  const isCapped = kind === 'whole';
  const shortest = Math.min(plan.charsMax, whole.text.length) - LONGEST_TAG;
  return isCapped && captured.text.length < shortest ? 'less is shown than there is room for' : null;
}

/** Of what is generated. */
const LONGEST_TAG = 1_500;

/** Its compression, its parts or its declaration may be cut off before anything can be read. */
const mayBeUnreadable = ({ compression, type, body }: GeneratedMessage): boolean =>
  compression !== null || type.boundary !== null || body.held < 400;
