import { describe, expect, it } from 'vitest';
import { formatPing, formatPong, parsePing, parsePong, pingEnvelope, pingText } from './ping.ts';

const mac = 'A'.repeat(43);

describe('the ping headers', () => {
  it('are read as they are written', () => {
    const ping = { nonce: 'n0nce_n0nce-n0nce', time: 1795344000100000, mac };
    expect(parsePing(formatPing(ping))).toEqual(ping);
    const pong = { reporter: 'q3Xk0r7c2bVbJm1sTz9aLw', mac };
    expect(parsePong(formatPong(pong))).toEqual(pong);
  });

  it.each(['', 'nonce=short; time=1; mac=x', `nonce=n0nce_n0nce-n0nce; time=-1; mac=${mac}`, `${'x'.repeat(10_000)}`])(
    'are refused when malformed: %.40s',
    (header) => {
      expect(parsePing(header)).toBeNull();
      expect(parsePong(header)).toBeNull();
    },
  );

  it('bind a ping to the host it was sent to', () => {
    expect(pingText('n', 1, 'a:80')).not.toBe(pingText('n', 1, 'b:80'));
    expect(pingText('n', 1, 'Bank:80')).toBe(pingText('n', 1, 'bank:80'));
  });
});

describe('the ping envelope', () => {
  it('is of the SOAP version asked for', () => {
    expect(pingEnvelope('1.1')).toContain('http://schemas.xmlsoap.org/soap/envelope/');
    expect(pingEnvelope('1.2')).toContain('http://www.w3.org/2003/05/soap-envelope');
  });
});
