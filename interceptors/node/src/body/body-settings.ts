import { REPORT_LIMITS, type Role } from '@soa-monitor/protocol';
import { createRedactionRules, type RedactionRules } from './redaction-rules.ts';

/** Whose bodies are captured, and what is taken out of them before anything leaves the process. */
export interface BodySettings {
  /** Nothing is captured but what one of these names. */
  readonly capture: readonly {
    /** `/bank`, or `/bank*` for all that begin with it. `*`: every path. */
    readonly path?: string | undefined;
    /** Of Body's first child: `book`, or `{urn:airline}book`. */
    readonly operation?: string | undefined;
    readonly side?: Role | undefined;
  }[];
  /** Characters of one body that are kept, after redaction: 16,384, and at most 65,536. */
  readonly maxChars?: number | undefined;
  readonly redact?:
    | {
        /** Elements and attributes whose value goes, besides the built-in names: `{namespace}local` or `local`. */
        readonly names?: readonly string[] | undefined;
        /** Card numbers and IBANs always go; expressions are looked for in each text and attribute. */
        readonly patterns?: readonly ('cardNumber' | 'iban' | RegExp)[] | undefined;
        /** Names that the built-in list takes for secrets and that are none. */
        readonly keep?: readonly string[] | undefined;
      }
    | undefined;
}

/** What to capture. Null: nothing. A text: what is wrong with the settings, and then nothing is captured either. */
export interface CapturePlan {
  readonly targets: readonly CaptureTarget[];
  readonly charsMax: number;
  readonly rules: RedactionRules;
}

/** Null: any. */
export interface CaptureTarget {
  readonly path: string | null;
  readonly isPathPrefix: boolean;
  readonly namespace: string | null;
  readonly operation: string | null;
  readonly side: Role | null;
}

const CHARS_DEFAULT = 16_384;
/** Of targets, names and expressions each. */
const LIST_MAX = 1_000;

/** A mistake is never passed over: a rule that is not understood would leave secrets in. */
export function planCapture(
  given: unknown,
  environment: { readonly [name: string]: string | undefined },
): CapturePlan | null | string {
  const listed = environment.SOA_MONITOR_BODIES?.trim() ?? '';
  const bodies = given ?? (listed === '' ? null : { capture: commaList(listed).map(targetText) });
  if (bodies === null) return null;
  if (!isRecord(bodies, ['capture', 'maxChars', 'redact'])) return 'bodies has settings that are not known';
  const { capture, maxChars = CHARS_DEFAULT, redact = {} } = bodies;
  if (!Array.isArray(capture) || capture.length > LIST_MAX) return 'bodies.capture is no list';
  const targets = capture.map(targetOf);
  if (targets.includes(null)) return 'bodies.capture names something by neither path nor operation, or not properly';
  if (!isCharCount(maxChars)) return `bodies.maxChars is no number from 1 to ${REPORT_LIMITS.bodyText}`;
  if (!isRecord(redact, ['names', 'patterns', 'keep'])) return 'bodies.redact has settings that are not known';
  const { names = [], patterns = [], keep = [] } = redact;
  const more = commaList(environment.SOA_MONITOR_REDACT ?? '');
  if (!isNameList(names) || !isNameList(more)) return 'a name to redact is neither local nor {namespace}local';
  if (!isNameList(keep)) return 'bodies.redact.keep has what is neither local nor {namespace}local';
  if (!Array.isArray(patterns) || !patterns.every(isPattern)) return 'bodies.redact.patterns has what is no pattern';
  if (targets.length === 0) return null;
  const expressions = patterns.filter((pattern) => pattern instanceof RegExp);
  const rules = createRedactionRules({ names: [...names, ...more], keep, expressions });
  return { targets: targets.filter((target) => target !== null), charsMax: maxChars, rules };
}

/** `/bank*#{urn:bank}pay` */
function targetText(text: string): { path?: string; operation?: string } {
  const hash = text.indexOf('#');
  if (hash < 0) return { path: text };
  return { ...(hash === 0 ? {} : { path: text.slice(0, hash) }), operation: text.slice(hash + 1) };
}

function targetOf(given: unknown): CaptureTarget | null {
  if (!isRecord(given, ['path', 'operation', 'side'])) return null;
  const { path, operation, side } = given;
  if (path === undefined && operation === undefined) return null;
  if (path !== undefined && !(typeof path === 'string' && /^(?:\*|\/[^*?#\s]*\*?)$/.test(path))) return null;
  if (operation !== undefined && !isName(operation)) return null;
  if (side !== undefined && side !== 'server' && side !== 'client') return null;
  const brace = operation?.lastIndexOf('}') ?? -1;
  const isPathPrefix = path?.endsWith('*') ?? false;
  return {
    path: isPathPrefix ? (path?.slice(0, -1) ?? null) : (path ?? null),
    isPathPrefix,
    namespace: brace < 0 ? null : (operation?.slice(1, brace) ?? null),
    operation: operation?.slice(brace + 1) ?? null,
    side: side ?? null,
  };
}

/** No namespace has a comma outside of braces, so that one may have one inside. */
const commaList = (text: string): string[] =>
  (text.match(/(?:\{[^}]*\}|[^,{])+/g) ?? []).map((item) => item.trim()).filter((item) => item !== '');

const isRecord = (value: unknown, known: readonly string[]): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((name) => known.includes(name));

const isCharCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= REPORT_LIMITS.bodyText;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:\{[^{}\s]*\})?[^\s{}:<>"'&=/#,]+$/.test(value);

const isNameList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= LIST_MAX && value.every(isName);

const isPattern = (value: unknown): value is 'cardNumber' | 'iban' | RegExp =>
  value === 'cardNumber' || value === 'iban' || value instanceof RegExp;
