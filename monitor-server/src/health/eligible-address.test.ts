import { describe, expect, test } from 'vitest';
import { eligibleAddress, splitAuthority } from './eligible-address.ts';

const allowed = new Set(['bank.example:8080', '10.0.0.7:80', 'localhost:9000']);
const at = (address: string, remoteAddress: string, advertised: string | null = null, port = 8080) =>
  eligibleAddress({ address, port, tls: false }, { remoteAddress, advertised }, allowed);

describe('an address may be pinged', () => {
  test.each([
    ['10.0.0.5', '10.0.0.5', '10.0.0.5'],
    ['10.0.0.5', '::ffff:10.0.0.5', '10.0.0.5'],
    ['::ffff:10.0.0.5', '10.0.0.5', '10.0.0.5'],
    ['FD00::5', 'fd00::5', 'fd00::5'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::1'],
    ['0.0.0.0', '10.0.0.5', '10.0.0.5'],
    ['::', '::ffff:10.0.0.5', '10.0.0.5'],
    ['::', 'fd00::5', 'fd00::5'],
    ['0.0.0.0', '127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '::1', '127.0.0.1'],
    ['127.0.0.1', '::ffff:127.0.0.1', '127.0.0.1'],
    ['::1', '127.0.0.1', '::1'],
  ])('%s of a reporter at %s, at %s', (address, remote, host) => {
    expect(at(address, remote)).toEqual({ kind: 'eligible', host, port: 8080, tls: false });
  });

  test('because the operator allows it, by address or by advertised name', () => {
    expect(at('10.0.0.7', '10.0.0.5', null, 80)).toMatchObject({ kind: 'eligible', host: '10.0.0.7' });
    expect(at('0.0.0.0', '172.17.0.1', 'Bank.Example:8080', 3000)).toMatchObject({ host: 'bank.example', port: 8080 });
    expect(at('localhost', '10.0.0.5', null, 9000)).toMatchObject({ kind: 'eligible', host: 'localhost' });
  });
});

describe('an address may not be pinged', () => {
  test.each([
    ['10.0.0.6', '10.0.0.5'],
    ['169.254.169.254', '10.0.0.5'],
    ['127.0.0.1', '10.0.0.5'],
    ['::1', '10.0.0.5'],
    ['::ffff:127.0.0.1', '10.0.0.5'],
    ['10.0.0.5', '127.0.0.1'],
    ['fd00::6', 'fd00::5'],
    ['localhost', '127.0.0.1'],
    ['LOCALHOST', '127.0.0.1'],
    ['localhost.', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['127.0.0.1.nip.io', '127.0.0.1'],
    ['bank.example', '10.0.0.5'],
    ['[::1]', '127.0.0.1'],
    ['10.0.0.5/24', '10.0.0.5'],
    ['10.0.0.5@evil.example', '10.0.0.5'],
    ['0.0.0.0', ''],
    ['0.0.0.0', '0.0.0.0'],
  ])('%s of a reporter at %s', (address, remote) => {
    expect(at(address, remote, null, 4444).kind).toBe('ineligible');
  });

  test('because it is only advertised', () => {
    expect(at('0.0.0.0', '10.0.0.5', 'intranet.example:80')).toMatchObject({ host: '10.0.0.5', port: 8080 });
    expect(at('10.9.9.9', '10.0.0.5', '10.9.9.9:8080').kind).toBe('ineligible');
  });

  test('and the reason says how it can be', () => {
    expect(at('10.0.0.6', '10.0.0.5')).toMatchObject({ reason: expect.stringContaining('--ping-allow 10.0.0.6:8080') });
  });
});

test('host:port is read with or without brackets, and nothing else is', () => {
  expect(splitAuthority('[FD00::1]:80')).toEqual({ host: 'fd00::1', port: 80 });
  expect(splitAuthority('Bank:8080')).toEqual({ host: 'bank', port: 8080 });
  for (const text of [
    null,
    '',
    'bank',
    'bank:',
    'bank:0',
    'bank:65536',
    'http://bank:80',
    'a b:80',
    'fd00::1:80',
    'x@bank:80',
  ]) {
    expect(splitAuthority(text)).toBeNull();
  }
});
