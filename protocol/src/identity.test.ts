import { describe, expect, it } from 'vitest';
import { endpointId, isSampled, linkId, plainAddress, serverId } from './identity.ts';

describe('an id', () => {
  it('is 13 characters of base 32, the same for the same key', () => {
    expect(serverId('meridian', 'bank')).toMatch(/^[a-z2-7]{13}$/);
    expect(serverId('meridian', 'bank')).toBe(serverId('meridian', 'bank'));
  });

  it('does not mix up where one part ends and the next begins', () => {
    expect(serverId('ab', 'c')).not.toBe(serverId('a', 'bc'));
    expect(endpointId('a', 'b:1', 'c')).not.toBe(endpointId('a', 'b', '1:c'));
  });

  it('has direction in a link', () => {
    expect(linkId('x', 'y')).not.toBe(linkId('y', 'x'));
  });

  it('does not collide over 100,000 endpoints', () => {
    const ids = new Set(Array.from({ length: 100_000 }, (_, i) => endpointId(`m${i % 97}`, `s${i % 1009}`, `/p/${i}`)));
    expect(ids.size).toBe(100_000);
  });
});

describe('sampling', () => {
  it('draws all at k = 1 and about one in k else, always the same ones', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => String(i));
    expect(ids.every((id) => isSampled(id, 1))).toBe(true);
    const drawn = ids.filter((id) => isSampled(id, 8));
    expect(drawn.length).toBeGreaterThan(2_300);
    expect(drawn.length).toBeLessThan(2_700);
    expect(ids.filter((id) => isSampled(id, 8))).toEqual(drawn);
  });
});

describe('an address', () => {
  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['10.0.0.1', '10.0.0.1'],
  ])('%s is compared as %s', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});
