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

test('--only launches one part', () => {
  expect(members('--only', 'bank').map(({ name }) => name)).toEqual(['bank']);
  expect(members('--only', 'clients')).toHaveLength(4);
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
])('%s %s is answered with what is wrong', (name, value) => {
  expect(readArguments([name, value])).toMatch(new RegExp(name));
});
