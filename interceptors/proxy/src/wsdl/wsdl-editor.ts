import { gunzipSync, gzipSync } from 'node:zlib';
import { attempt } from '@soa-monitor/interceptor/core';
import type { Framing } from '../http/framing.ts';
import type { MessageHead } from '../http/message-head.ts';
import { KEPT_BYTES_MAX, type KeptReply } from './kept-reply.ts';
import { rewriteAddresses } from './rewrite-addresses.ts';

/** Puts the proxy's address in place of the service's own, in the service's descriptions. */
export interface WsdlEditor {
  /** Whether this reply is a description that can be changed. */
  wants(request: MessageHead, reply: MessageHead, framing: Framing): boolean;
  /** The whole message to send in its place; null: it stays as it came. */
  edit(kept: KeptReply): Buffer | null;
}

export interface WsdlEditorSettings {
  /** The target's host:port. */
  readonly target: string;
  readonly isTargetTls: boolean;
  /** Whether callers reach the proxy over TLS. */
  readonly isTls: boolean;
}

const DESCRIPTION = /[?&](wsdl|xsd|singlewsdl)\d*(?=[=&]|$)/i;
const AUTHORITY = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;

export function createWsdlEditor({ target, isTargetTls, isTls }: WsdlEditorSettings): WsdlEditor {
  return {
    wants: (request, reply, framing) =>
      request.method === 'GET' &&
      reply.status === 200 &&
      DESCRIPTION.test(request.target) &&
      /xml/i.test(reply.contentType ?? '') &&
      !/utf-16|utf-32/i.test(reply.contentType ?? '') &&
      isReadable(reply.contentEncoding) &&
      AUTHORITY.test(request.host ?? '') &&
      (framing.kind !== 'length' || (framing.bytes > 0 && framing.bytes <= KEPT_BYTES_MAX)),
    edit: ({ request, head, headText, body }) => {
      const isGzip = head.contentEncoding?.toLowerCase() === 'gzip';
      const bytes = body();
      const plain = isGzip ? attempt(() => gunzipSync(bytes, { maxOutputLength: KEPT_BYTES_MAX })) : bytes;
      if (plain === undefined) return null;
      const text = plain.toString('latin1');
      const edited = rewriteAddresses(text, {
        from: { authority: target, isTls: isTargetTls },
        to: { authority: request.host ?? target, isTls },
      });
      if (edited === text) return null;
      const changed = Buffer.from(edited, 'latin1');
      const content = isGzip ? gzipSync(changed) : changed;
      return Buffer.concat([Buffer.from(headWithLength(headText, content.byteLength), 'latin1'), content]);
    },
  };
}

const isReadable = (encoding: string | null): boolean =>
  encoding === null || encoding.toLowerCase() === 'identity' || encoding.toLowerCase() === 'gzip';

/** The length replaces whatever framing there was; the other headers stay in their order. */
function headWithLength(head: string, bytes: number): string {
  const bare = head.replace(/\n(?:content-length|transfer-encoding|trailer|content-md5):[^\n]*(?=\n)/gi, '');
  return bare.replace(/\r?\n\r?\n$/, `\r\nContent-Length: ${bytes}\r\n\r\n`);
}
