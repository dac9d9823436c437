import { createHmac } from 'node:crypto';
import http from 'node:http';
import { createClientAsync, NTLMSecurity } from 'soap';
import { expect, test } from 'vitest';
import { greeterWsdl } from './testing/greeter.ts';
import { createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();
const REPLY =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
  '<greetResponse xmlns="urn:greeter"><greeting>hello ada</greeting></greetResponse></s:Body></s:Envelope>';

// User, password, its NT hash and challenge of the worked example in "The NTLM Authentication Protocol" (Glass), section "The NTLMv2 Response".
const NT_HASH = Buffer.from('cd06ca7c7e10c99b1d33b7485a2ed808', 'hex');
const [USER, PASSWORD, DOMAIN] = ['user', 'SecREt01', 'DOMAIN'];
const CHALLENGE = Buffer.from('0123456789abcdef', 'hex');

/** Unicode, target info, NTLM2 key: what asks for a version 2 response. */
const FLAGS = 0x00880201 & ~0x2;

function challengeMessage(): string {
  const info = Buffer.concat([block(2, DOMAIN), block(1, 'SERVER'), Buffer.alloc(4)]);
  const head = Buffer.alloc(48);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt32LE(48, 16);
  head.writeUInt32LE(FLAGS, 20);
  CHALLENGE.copy(head, 24);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(48, 44);
  return Buffer.concat([head, info]).toString('base64');
}

function block(type: number, text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(text.length * 2, 2);
  return Buffer.concat([head, Buffer.from(text, 'utf16le')]);
}

/** Whether the third message proves the password: HMAC-MD5 over the challenge and the blob, under the NTLMv2 hash. */
function isProof(message: Buffer): boolean {
  const response = message.subarray(message.readUInt32LE(24), message.readUInt32LE(24) + message.readUInt16LE(20));
  const key = createHmac('md5', NT_HASH)
    .update(Buffer.from(`${USER.toUpperCase()}${DOMAIN}`, 'utf16le'))
    .digest();
  const proof = createHmac('md5', key).update(CHALLENGE).update(response.subarray(16)).digest();
  return proof.equals(response.subarray(0, 16));
}

test('the three rounds of an NTLM handshake are one exchange and two attempts, on both sides', async () => {
  const { monitor, interceptor } = await observe(whenDone);
  const proven = new WeakSet<object>();
  const server = http.createServer((request, response) => {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    const message = Buffer.from(token, 'base64');
    if (scheme === 'NTLM' && message.readUInt32LE(8) === 3 && isProof(message)) proven.add(request.socket);
    request.resume().on('end', () => {
      if (proven.has(request.socket)) response.writeHead(200, { 'content-type': 'text/xml' }).end(REPLY);
      else {
        const challenge = scheme === 'NTLM' ? `NTLM ${challengeMessage()}` : 'NTLM';
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    });
  });
  const url = `${await listen(whenDone, server)}/greeter`;
  const client = await createClientAsync(greeterWsdl(url), { endpoint: url });
  client.setSecurity(new NTLMSecurity({ username: USER, password: PASSWORD, domain: DOMAIN, workstation: 'W' }));
  const [answer] = await client.greetAsync({ who: 'ada' });
  expect(answer).toEqual({ greeting: 'hello ada' });
  await monitor.until((m) => m.ended().length >= 6);
  for (const role of ['client', 'server'] as const) {
    const [first, second, third] = [...monitor.ended(role)].sort((a, b) => a.exchangeNo - b.exchangeNo);
    expect(
      [first, second, third].map((row) => row && [row.outcome, row.status, row.extras, row.call.operation?.name]),
    ).toEqual([
      ['attempt', 401, { attemptOf: second?.exchangeNo }, 'greet'],
      ['attempt', 401, { attempts: 2, attemptOf: third?.exchangeNo }, 'greet'],
      ['ok', 200, { attempts: 3 }, 'greet'],
    ]);
    expect(third?.start).toBe(first?.start);
  }
  expect(interceptor.counters().failures).toBe(0);
});
