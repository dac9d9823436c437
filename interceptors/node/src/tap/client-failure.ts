import { TLSSocket } from 'node:tls';
import type { Failure } from '../observation/exchange.ts';

const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'ENOENT',
]);
/** ECONNABORTED is what axios calls its own time limit; undici has one for each stage. */
const TIME_LIMIT = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ECONNABORTED',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Why a client's request failed, by its error and by what was seen before. */
export function failureOf(error: unknown, socket: unknown, hasTimedOut: boolean): Failure {
  const code = textOf(error, 'code');
  if (NO_CONNECTION.has(code)) return 'refused';
  if (hasTimedOut || TIME_LIMIT.has(code) || isTimeoutAbort(error)) return 'timeout';
  if (textOf(error, 'syscall') === 'connect') return 'refused';
  // A handshake that was not finished: nothing of the request has left.
  if (socket instanceof TLSSocket && Reflect.get(socket, 'secureConnecting') === true) return 'refused';
  return 'aborted';
}

/** `AbortSignal.timeout()`: an AbortError whose cause is a TimeoutError. */
function isTimeoutAbort(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return textOf(error, 'name') === 'TimeoutError' || textOf(cause, 'name') === 'TimeoutError';
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : '';
}
