import { describe, expect, test } from 'vitest';
import { malformedEnvelope, postMalformed } from '../clients/malformed.ts';
import { stacks, startAirline, startBank } from '../estate-under-test.ts';
import { airlineContract } from './contract.ts';

const bodies = {
  'an envelope cut off': malformedEnvelope(airlineContract, 'listBookings', 'anna', 0),
  'an envelope that ends early': malformedEnvelope(airlineContract, 'listBookings', 'anna', 0.001),
  'a tag closed by another': malformedEnvelope(airlineContract, 'listBookings', 'anna', 0.002),
  'a bare ampersand': malformedEnvelope(airlineContract, 'listBookings', 'anna', 0.003),
  'no XML at all': 'hello',
  nothing: '',
  'an empty body': '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>',
  'an operation of nobody':
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x/></s:Body></s:Envelope>',
  'ten thousand elements left open': '<a>'.repeat(10_000),
  'ten thousand nested elements': '<a>'.repeat(10_000) + '</a>'.repeat(10_000),
  'a document type': '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
};

describe.each(stacks)('a service on $name', (stack) => {
  test.each(Object.entries(bodies))('answers %s with an error and goes on', async (_name, body) => {
    const bank = await startBank();
    const airline = await startAirline(stack, bank.url);
    const answer = await postMalformed(airline.url, body, 'urn:sample:airline:1/listBookings', 20_000);
    expect(answer).toEqual({ kind: 'malformed', reason: 'answered with 500' });
    expect(await airline.call('listBookings', { account: 'anna' })).toMatchObject({ kind: 'ok' });
  });

  test('shows its WSDL to whoever asks over HTTP', async () => {
    const airline = await startAirline(stack, (await startBank()).url);
    const response = await fetch(`${airline.url}?wsdl`);
    expect(await response.text()).toContain('urn:sample:airline:1');
  });
});
