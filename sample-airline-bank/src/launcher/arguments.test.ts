import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { membersOf } from './estate.ts';

function members(...args: string[]) {
  const settings = readArguments(args);
  if (typeof settings === 'string') throw new Error(settings);
  return membersOf(settings);
}

test('without arguments the whole estate is launched', () => {
  expect(members().map(({ name }) => name)).toEqual([
    ...['bank', 'airline-a', 'airline-b'],
    ...['web-shop', 'kiosk', 'call-centre', 'partner'],
  ]);
});

test('--with-proxy puts a proxy before an airline B that has no interceptor, and nothing else changes', () => {
  const estate = members('--with-proxy');
  expect(estate.map(({ name }) => name)).toEqual([
    ...['bank', 'airline-a', 'airline-b', 'proxy'],
    ...['web-shop', 'kiosk', 'call-centre', 'partner'],
  ]);
  const [service, proxy] = estate.slice(2);
  expect(service?.script).toMatch(/untouched\.js$/);
  expect(service?.args.join(' ')).toMatch(/--port 4623 .* --bank http:\/\/127\.0\.0\.1:4633\/bank/);
  expect(proxy?.args.join(' ')).toMatch(
    /--listen 127.0.0.1:4613 --target http:\/\/127.0.0.1:4623 --outbound 127.0.0.1:4633=http:\/\/127.0.0.1:4611/,
  );
  const others = members().filter(({ name }) => name !== 'airline-b');
  expect(estate.filter(({ name }) => name !== 'airline-b' && name !== 'proxy')).toEqual(others);
});

test('--only launches one part', () => {
  expect(members('--only', 'bank').map(({ name }) => name)).toEqual(['bank']);
  expect(members('--only', 'clients')).toHaveLength(4);
  expect(members('--with-proxy', '--only', 'proxy').map(({ name }) => name)).toEqual(['proxy']);
});

test('the calls of all clients add up to what was asked for', () => {
  const calls = members('--only', 'clients', '--calls', '20003').map(({ args }) =>
    Number(args[args.indexOf('--calls') + 1]),
  );
  expect(calls.reduce((sum, each) => sum + each, 0)).toBe(20_003);
});

test.each([
  ['--rate', 'many'],
  ['--rate', '0'],
  ['--only', 'clint'],
  ['--calls', '-1'],
  ['--ports', '1,2'],
  ['--ports', '1,2,3,4'],
  ['--ports', '1,2,70000'],
  ['--unknown', '1'],
  ['--proxy-ports', '4623'],
  ['--proxy-ports', '4623,4633,4643'],
  ['--only', 'proxy'],
])('%s %s is answered with what is wrong', (name, value) => {
  expect(readArguments([name, value])).toMatch(new RegExp(name));
});
