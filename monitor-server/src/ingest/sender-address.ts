import type { IncomingMessage } from 'node:http';
import { plainAddress } from '@soa-monitor/protocol';

const LOOPBACK_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * The address that a report comes from, or '' when it came through a proxy on this machine: what then seems to come over
 * loopback may come from anywhere, and its listeners must not be taken for our own (they would be pinged on our loopback).
 */
export function senderAddress({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
  const address = plainAddress(socket.remoteAddress ?? '');
  const isLoopback = address === '::1' || address.startsWith('127.');
  const isForwarded =
    headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined || headers.via !== undefined;
  return isLoopback && (isForwarded || !LOOPBACK_NAME.test(headers.host ?? '')) ? '' : address;
}
