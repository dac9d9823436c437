import { createServer, type RequestListener } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stacks } from '../estate-under-test.ts';
import { bankContract } from './contract.ts';
import { listen } from './listen.ts';

async function serverThat(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const { url } = await listen(server, 0, '/bank');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return url;
}

const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
  <faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>`;

describe.each(stacks)('a caller on $name', (stack) => {
  const outcomeOf = async (url: string) => (await stack.call(bankContract, url, 300))('balance', { account: 'anna' });

  test('calls it refused when nobody listens', async () => {
    const server = createServer();
    const { url } = await listen(server, 0, '/bank');
    await new Promise((resolve) => server.close(resolve));
    expect((await outcomeOf(url)).kind).toBe('refused');
  });

  test('calls it a timeout when no answer comes', async () => {
    expect((await outcomeOf(await serverThat(() => undefined))).kind).toBe('timeout');
  });

  test('calls it aborted when the connection is cut before the answer', async () => {
    expect((await outcomeOf(await serverThat((request) => void request.socket.destroy()))).kind).toBe('aborted');
  });

  test('calls it aborted when the connection is cut within the answer', async () => {
    const url = await serverThat((request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': 1_000 });
      response.write('<s:Envelope', () => request.socket.destroy());
    });
    expect((await outcomeOf(url)).kind).toBe('aborted');
  });

  test('calls it a fault by the body, whatever the status', async () => {
    for (const status of [200, 500]) {
      const url = await serverThat((_request, response) =>
        response.writeHead(status, { 'content-type': 'text/xml' }).end(fault),
      );
      expect((await outcomeOf(url)).kind).toBe('fault');
    }
  });

  test('calls it an HTTP error when there is no fault in it', async () => {
    const url = await serverThat((_request, response) => response.writeHead(503).end('busy'));
    expect((await outcomeOf(url)).kind).toBe('httpError');
  });
});
