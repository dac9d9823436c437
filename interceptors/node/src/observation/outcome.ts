import type { Outcome } from '@soa-monitor/protocol';
import type { EnvelopeScan } from '../envelope/scan-envelope.ts';
import type { Failure } from './exchange.ts';

export interface Ending {
  readonly failure: Failure | null;
  readonly status: number;
  /** The request's end was seen. */
  readonly isRequestWhole: boolean;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly request: EnvelopeScan | null;
  readonly reply: EnvelopeScan | null;
}

/**
 * Design, section 2: the first that applies. A request is looked at for its XML only when its reply is not in order, so that
 * what a lenient service accepted is not called malformed. A 3xx or a reply that is no XML at all is no SOAP answer either:
 * http error. `isMalformed` says whether the held request of `subject` is XML, with the help of what it remembers; it is asked only when the reply is not in order,
 * since it costs a second walk.
 */
export function decideOutcome<Subject, Memory>(
  ending: Ending,
  isMalformed: (subject: Subject, memory: Memory) => boolean,
  subject: Subject,
  memory: Memory,
): Outcome {
  const { failure, status, requestBytes, replyBytes, request, reply } = ending;
  if (failure !== null) return failure;
  const isFault = reply !== null && reply.fault !== null;
  const isNoXml = replyBytes > 0 && reply !== null && reply.root === 'other' && request?.root === 'envelope';
  const isHttpError = status >= 300 || isNoXml;
  // 401 and 407: the first round of NTLM or Digest goes out with an empty body on purpose.
  if (ending.isRequestWhole && requestBytes === 0 && status !== 401 && status !== 407) return 'malformed';
  if ((isFault || isHttpError || reply?.root === 'other') && requestBytes > 0) {
    if (request?.hasDoctype || isMalformed(subject, memory)) return 'malformed';
  }
  if (isFault) return 'fault';
  if (isHttpError) return 'httpError';
  return replyBytes === 0 ? 'oneWay' : 'ok';
}
