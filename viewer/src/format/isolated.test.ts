import { describe, expect, it } from 'vitest';
import { isolated } from './isolated.ts';

describe('a name within a text', () => {
  it('is as it is when it reads from left to right', () => {
    expect(isolated('bank · /bank 🏦')).toBe('bank · /bank 🏦');
  });
  it('keeps its direction to itself, and cannot end that by marks of its own', () => {
    expect(isolated('בנק')).toBe('\u2068בנק\u2069');
    expect(isolated('\u202eknab\u2069')).toBe('\u2068\u202eknab\u2069');
  });
});
