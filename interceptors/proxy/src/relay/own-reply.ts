import type { OwnReply } from '../observe/observer.ts';

const REASONS: { readonly [status: number]: string } = {
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What the proxy says in the target's stead: one line of text that says who speaks and why. */
export function createOwnReply(status: number, why: string, failure: OwnReply['failure']): OwnReply {
  return { status, failure, body: Buffer.from(`soa-monitor-proxy: ${why}\n`) };
}

/** As it goes out: the connection ends with it. A HEAD gets the head alone. */
export function ownReplyBytes({ status, body }: OwnReply, isHead: boolean): Buffer {
  const head =
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
    `Content-Length: ${body.byteLength}\r\nConnection: close\r\n\r\n`;
  return isHead ? Buffer.from(head) : Buffer.concat([Buffer.from(head), body]);
}
