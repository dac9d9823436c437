import type { Extras } from '@soa-monitor/protocol';
import type { ContentType } from '../envelope/content-type.ts';
import { attachmentsOf } from '../envelope/count-parts.ts';
import type { ReadExtras } from './describe.ts';
import type { HeldBody } from './held-body.ts';

/** Adds what stands beside the envelope in multipart messages to what else is read from an exchange. */
export function withAttachments(readExtras: ReadExtras): ReadExtras {
  return (exchange, request, reply, hasEnded) => {
    const extras = readExtras(exchange, request, reply, hasEnded);
    const { target, replyHead } = exchange;
    if (exchange.request.parts === null && exchange.reply.parts === null) return extras;
    const isWhole = hasEnded || exchange.requestLastAt !== null;
    const sent = isWhole ? attachmentsIn(exchange.request, target.contentType) : null;
    const replied = hasEnded && replyHead !== null ? attachmentsIn(exchange.reply, replyHead.contentType) : null;
    const found: Extras = {
      ...(sent === null ? {} : { requestAttachments: sent }),
      ...(replied === null ? {} : { replyAttachments: replied }),
    };
    return sent === null && replied === null ? extras : { ...extras, ...found };
  };
}

const attachmentsIn = ({ parts }: HeldBody, type: ContentType) => (parts === null ? null : attachmentsOf(parts, type));
