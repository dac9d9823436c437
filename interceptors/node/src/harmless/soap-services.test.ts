import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import express from 'express';
import soap from 'soap';
import { describe, expect, test } from 'vitest';
import { exchangeBytes, withAndWithout } from '../testing/differential.ts';
import { greeterService, greeterWsdl, greetRequest, unknownPerson } from '../testing/greeter.ts';

const strong = createRequire(import.meta.url)('strong-soap').soap;
const text = greetRequest('ada');
const service = greeterService((who) => {
  if (who === 'nobody') throw unknownPerson();
  return `hello ${who.slice(0, 10)}`;
});

const services: Record<string, (server: http.Server) => Promise<unknown>> = {
  'soap over express 5': (server) => {
    const app = express();
    server.on('request', app);
    return new Promise<void>((resolve) =>
      soap.listen(app, '/greeter', service, greeterWsdl('http://h/greeter'), () => resolve()),
    );
  },
  'soap on an http.Server': (server) =>
    new Promise<void>((resolve) =>
      soap.listen(server, '/greeter', service, greeterWsdl('http://h/greeter'), () => resolve()),
    ),
  'strong-soap on an http.Server': (server) => {
    const listening = strong.listen(server, '/greeter', service, greeterWsdl('http://h/greeter'));
    return new Promise<void>((resolve) => listening.wsdl.load(() => resolve()));
  },
};

const bodies: Record<string, string | Buffer> = {
  'a good request': text,
  'one that is answered by a fault': greetRequest('nobody'),
  'malformed XML': text.replace('</who>', ''),
  'a truncated request': text.slice(0, 120),
  'an empty body': '',
  text: 'hello',
  'another root': '<order/>',
  'an unknown operation': text.replaceAll('greet', 'insult'),
  'UTF-16': Buffer.from(`\ufeff${text}`, 'utf16le'),
  'a DOCTYPE': `<!DOCTYPE a [<!ENTITY b "c">]>${text}`,
  '10,000 nested elements': greetRequest('<a>'.repeat(10_000) + '</a>'.repeat(10_000)),
  'ten thousand attributes': greetRequest(`<a ${Array.from({ length: 10_000 }, (_, i) => `a${i}="x"`).join(' ')}/>`),
  'control characters': greetRequest('\u0000\u0001'),
};

async function serve(start: (server: http.Server) => Promise<unknown>, body: string | Buffer): Promise<string> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await start(server);
  const head =
    `POST /greeter HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:greeter#greet"\r\n` +
    `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const bytes = await exchangeBytes((server.address() as AddressInfo).port, [head, body]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return bytes;
}

/** What a stack does not survive, or needs seconds for, by itself. */
const notAsked = new Set([
  'strong-soap on an http.Server, control characters',
  'strong-soap on an http.Server, 10,000 nested elements',
]);

/** What the map must show where every stack refuses; elsewhere it is what the stack made of it. */
const outcomes: Record<string, string> = {
  'a good request': 'ok',
  'one that is answered by a fault': 'fault',
  'malformed XML': 'malformed',
  'a truncated request': 'malformed',
  'an empty body': 'malformed',
};

describe.each(Object.entries(services))('%s answers alike, observed or not', (stack, start) => {
  const taken = Object.entries(bodies).filter(([what]) => !notAsked.has(`${stack}, ${what}`));
  test.each(taken)('%s', async (what, body) => {
    const { rows, wrongs, failures, ...answers } = await withAndWithout(() => serve(start, body));
    expect(answers.withIt).toBe(answers.without);
    expect(wrongs).toEqual([]);
    expect(failures).toBe(0);
    const ended = rows.filter((row) => row.part !== 'open');
    expect(ended).toHaveLength(1);
    expect(ended[0]?.requestBytes).toBe(Buffer.byteLength(body));
    if (outcomes[what] !== undefined) expect([stack, what, ended[0]?.outcome]).toEqual([stack, what, outcomes[what]]);
  });
});
