import { field } from './fields.ts';

/** How a call ended as its caller saw it, in the order of precedence that the monitor uses. */
export type Outcome = 'refused' | 'timeout' | 'aborted' | 'malformed' | 'fault' | 'httpError' | 'ok';

export type Answer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'fault'; readonly name: string; readonly detail: unknown }
  | { readonly kind: 'refused' | 'timeout' | 'aborted' | 'malformed' | 'httpError'; readonly reason: string };

/** What the error of a SOAP client says about the call: a fault, or how it failed. */
export function answerOfError(error: unknown): Answer {
  const fault = field(field(field(field(error, 'root'), 'Envelope'), 'Body'), 'Fault');
  if (fault !== undefined) return answerOfFault(fault);
  const reason = error instanceof Error ? error.message : String(error);
  // An answer that was read to its end and cannot be understood. A loss within the answer has a code beside it.
  const whole = field(error, 'response') !== undefined && field(error, 'code') === undefined;
  if (whole) return { kind: 'httpError', reason };
  return { kind: lossOf(error), reason };
}

/** How a call without an answer was lost: before there was a connection, by waiting too long, or cut off. */
export function lossOf(error: unknown): 'refused' | 'timeout' | 'aborted' {
  const code = String(field(error, 'code'));
  if (NO_CONNECTION.has(code) || systemCallOf(error) === 'connect') return 'refused';
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'timeout';
  return 'aborted';
}

const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** axios wraps the error of the system in its own and keeps it as the cause. */
function systemCallOf(error: unknown): unknown {
  return field(error, 'syscall') ?? field(field(error, 'cause'), 'syscall');
}

/** The first element of the detail is the declared fault; a plain fault has none and is known by its text. */
function answerOfFault(fault: unknown): Answer {
  const detail = field(fault, 'detail');
  const declared = typeof detail === 'object' && detail !== null ? Object.entries(detail)[0] : undefined;
  if (declared === undefined) return { kind: 'fault', name: '', detail: field(fault, 'faultstring') };
  return { kind: 'fault', name: declared[0], detail: declared[1] };
}
