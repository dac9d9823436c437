import http from 'node:http';
import https from 'node:https';
import { expect, test } from 'vitest';
import { monitorSoap } from '../interceptor.ts';
import { createGuard } from './guarded.ts';
import { observeMethod } from './patches.ts';

class Base {
  greet(this: unknown, ...names: unknown[]): unknown {
    return [this, ...names];
  }
}
class Derived extends Base {}

test('passes this, arguments, results and exceptions through untouched', () => {
  const seen: unknown[] = [];
  const undo = observeMethod(
    Base.prototype,
    'greet',
    (self, first, second) => seen.push(self, first, second) < 0,
    createGuard(),
  );
  const base = new Base();
  expect(base.greet('a', undefined)).toEqual([base, 'a', undefined]);
  expect(seen).toEqual([base, 'a', undefined]);
  undo();
  expect(base.greet('b')).toEqual([base, 'b']);
  expect(seen).toHaveLength(3);
});

test('a failing observer is counted, and the call passes', () => {
  const guard = createGuard();
  const fail = (): boolean => {
    throw new Error('ours');
  };
  const undo = observeMethod(Base.prototype, 'greet', fail, guard);
  expect(new Base().greet('a')).toHaveLength(2);
  expect(guard.failures()).toBe(1);
  undo();
});

test('undo leaves the object as it was: an inherited method is inherited again', () => {
  const before = Object.getOwnPropertyDescriptor(Base.prototype, 'greet');
  const undos = [Base.prototype, Derived.prototype].map((owner) =>
    observeMethod(owner, 'greet', () => false, createGuard()),
  );
  expect(Object.hasOwn(Derived.prototype, 'greet')).toBe(true);
  for (const undo of undos.reverse()) undo();
  expect(Object.hasOwn(Derived.prototype, 'greet')).toBe(false);
  expect(Object.getOwnPropertyDescriptor(Base.prototype, 'greet')).toEqual(before);
});

test('undo does not tear out what somebody patched on top, and stops observing', () => {
  const owner = { greet: (...names: unknown[]): unknown => names };
  let observed = 0;
  const undo = observeMethod(owner, 'greet', () => ++observed < 0, createGuard());
  const ours = owner.greet;
  const theirs = (...names: unknown[]): unknown => ours('theirs', ...names);
  owner.greet = theirs;
  undo();
  expect(owner.greet).toBe(theirs);
  expect(owner.greet('a')).toEqual(['theirs', 'a']);
  expect(observed).toBe(0);
});

test('a patched method keeps its name and arity', () => {
  const { name, length } = http.OutgoingMessage.prototype.write;
  const interceptor = monitorSoap({ monitor: 'http://127.0.0.1:1' });
  const { write } = http.OutgoingMessage.prototype;
  expect([write.name, write.length]).toEqual([name, length]);
  return interceptor.close();
});

test('close() restores every function that monitorSoap() replaced', async () => {
  const owners = [
    http.Server.prototype,
    https.Server.prototype,
    http.IncomingMessage.prototype,
    http.OutgoingMessage.prototype,
    http.ServerResponse.prototype,
    http.ClientRequest.prototype,
    http.Agent.prototype,
    process,
    http,
    https,
    globalThis,
  ];
  const descriptors = () => owners.map((owner) => Object.getOwnPropertyDescriptors(owner));
  const listeners = () => ['beforeExit', 'SIGTERM', 'SIGINT'].map((event) => process.listenerCount(event));
  const before = descriptors();
  const listenersBefore = listeners();
  const interceptor = monitorSoap({ monitor: 'http://127.0.0.1:1' });
  expect(Object.hasOwn(http.Server.prototype, 'emit')).toBe(true);
  await interceptor.close();
  await interceptor.close();
  const after = descriptors();
  for (const [i, were] of before.entries()) {
    expect(Reflect.ownKeys(after[i] ?? {})).toEqual(Reflect.ownKeys(were));
    for (const key of Reflect.ownKeys(were))
      if ('value' in (Reflect.get(were, key) ?? {}))
        expect(Reflect.get(Reflect.get(after[i] ?? {}, key), 'value')).toBe(
          Reflect.get(Reflect.get(were, key), 'value'),
        );
  }
  expect(listeners()).toEqual(listenersBefore);
});
