import type { CapturedBody } from '@soa-monitor/protocol';
import type { ContentType } from '../envelope/content-type.ts';
import { readSlice } from '../envelope/decode-text.ts';
import type { ReadMessage } from '../envelope/read-message.ts';
import type { ReadExtras } from '../observation/describe.ts';
import type { Exchange } from '../observation/exchange.ts';
import type { HeldBody } from '../observation/held-body.ts';
import type { CapturePlan, CaptureTarget } from './body-settings.ts';
import { bodyText } from './body-text.ts';
import { redactMarkup } from './redact-markup.ts';

/** Captures what the plan names, once the exchange has ended: until then a body may still grow. */
export function createBodyCapture(plan: CapturePlan): ReadExtras {
  return (exchange, request, _reply, hasEnded) => {
    if (!hasEnded || !plan.targets.some((target) => isMeant(target, exchange, request))) return null;
    const { target, replyHead } = exchange;
    const requestBody = captureBody(
      exchange.request,
      target.contentType,
      target.compression,
      exchange.requestLastAt !== null,
      plan,
    );
    const isReplyComplete = exchange.replyLastAt !== null;
    const replyBody =
      replyHead === null
        ? null
        : captureBody(exchange.reply, replyHead.contentType, replyHead.compression, isReplyComplete, plan);
    if (requestBody === null && replyBody === null) return null;
    return { ...(requestBody === null ? {} : { requestBody }), ...(replyBody === null ? {} : { replyBody }) };
  };
}

/** Null: there is none. */
export function captureBody(
  body: HeldBody,
  type: ContentType,
  compression: string | null,
  isComplete: boolean,
  { rules, charsMax }: CapturePlan,
): CapturedBody | null {
  if (body.held === 0) return null;
  const facts = { bytes: body.bytes, rules: rules.id };
  const nothing = { text: '', truncated: false, redacted: 0 };
  const readable = bodyText(body, type, compression, isComplete);
  if (readable.kind === 'withheld') return { ...nothing, ...facts, withheld: readable.reason };
  const { text, isWhole } = readable;
  const redaction = redactMarkup({ text, isWhole, isFragment: false, nesting: 0, rules, charsMax });
  if (redaction.kind === 'withheld') return { ...nothing, ...facts, withheld: redaction.reason };
  return { text: redaction.text, truncated: redaction.truncated, redacted: redaction.hits, ...facts };
}

function isMeant(
  { path, isPathPrefix, namespace, operation, side }: CaptureTarget,
  { target, role }: Exchange,
  request: ReadMessage | null,
): boolean {
  if (side !== null && side !== role) return false;
  if (path !== null && !(isPathPrefix ? target.path.startsWith(path) : target.path === path)) return false;
  if (operation === null) return true;
  const called = request?.scan.operation ?? null;
  if (request === null || called === null || readSlice(called.name, request.encoding) !== operation) return false;
  return namespace === null || readSlice(called.namespace, request.encoding) === namespace;
}
