import { describe, expect, test } from 'vitest';
import { afterPing, type ListenerHealth, nextPingMillis, type PingResult, untried } from './listener-health.ts';
import { stateOfListeners, worstOf } from './worst-state.ts';

const pong: PingResult = { kind: 'pong', reporter: 'r' };
const noPong: PingResult = { kind: 'noPong', detail: 'answers HTTP 500' };
const silent: PingResult = { kind: 'silent', detail: 'refuses the connection' };
const healthAfter = (...results: readonly PingResult[]): ListenerHealth =>
  results.reduce((health, result, index) => afterPing(health, result, 1_000 + index), untried);

describe('the state of a listener', () => {
  test('is unknown until it is pinged, and up after one pong', () => {
    expect(untried.state).toBe('unknown');
    expect(healthAfter(pong).state).toBe('up');
  });
  test('is suspect after the first failure and down after the fifth in a row', () => {
    const states = [1, 2, 3, 4, 5, 6].map((n) => healthAfter(pong, ...Array.from({ length: n }, () => silent)).state);
    expect(states).toEqual(['suspect', 'suspect', 'suspect', 'suspect', 'down', 'down']);
    expect(healthAfter(silent, silent, silent, silent, silent)).toMatchObject({ state: 'down', downSince: 1_004 });
  });
  test('counts failures in a row only', () => {
    expect(healthAfter(silent, silent, silent, silent, pong, silent).state).toBe('suspect');
    expect(healthAfter(silent, silent, silent, silent, noPong, silent).state).toBe('suspect');
  });
  test('is up again after one pong', () => {
    expect(healthAfter(silent, silent, silent, silent, silent, pong)).toMatchObject({
      state: 'up',
      failures: 0,
      downSince: null,
    });
  });
  test('is blind, not down, when something answers that is no pong', () => {
    expect(healthAfter(noPong, noPong, noPong, noPong, noPong, noPong).state).toBe('blind');
    expect(healthAfter(silent, silent, silent, silent, silent, noPong).state).toBe('blind');
  });
  test('keeps the moment since when it is down', () => {
    expect(healthAfter(silent, silent, silent, silent, silent, silent, silent).downSince).toBe(1_004);
  });
  test('is looked at again soon while suspect, else at the jittered interval', () => {
    expect(nextPingMillis(healthAfter(silent), 5_000, 0.9)).toBe(500);
    expect(nextPingMillis(healthAfter(pong), 5_000, 0)).toBe(4_500);
    expect(nextPingMillis(healthAfter(silent, silent, silent, silent, silent), 5_000, 1)).toBe(5_500);
  });
});

const part = (state: string) => ({ name: state, state, reason: `is ${state}` });

describe('what is shown of several', () => {
  test('is the worst: down, degraded, suspect, blind, up, unknown', () => {
    const order = ['down', 'degraded', 'suspect', 'blind', 'up', 'unknown'];
    for (let i = 0; i < order.length; i++) {
      expect(worstOf(order.slice(i).reverse().map(part)).state).toBe(order[i]);
    }
    expect(worstOf([part('up'), part('down')]).reason).toBe('down: is down');
    expect(worstOf([]).state).toBe('unknown');
  });
  test('a state of a newer version is worse than what is well', () => {
    expect(worstOf([part('up'), part('resting')]).state).toBe('resting');
    expect(worstOf([part('blind'), part('resting')]).state).toBe('blind');
  });
  test('a server with one listener down and another that answers is degraded', () => {
    expect(stateOfListeners([part('down'), part('up')])).toEqual({ state: 'degraded', reason: 'down: is down' });
    expect(stateOfListeners([part('down'), part('down')]).state).toBe('down');
    expect(stateOfListeners([part('down'), part('suspect')]).state).toBe('down');
    expect(stateOfListeners([part('up')]).state).toBe('up');
  });
});
