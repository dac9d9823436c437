import { describe, expect, it } from 'vitest';
import { createEasedPlaces } from './eased-places.ts';

describe('places on their way', () => {
  it('say that they moved in the step in which they arrive, too: a slow frame takes all of the way at once', () => {
    const places = createEasedPlaces();
    places.target('bank', { x: 0, y: 0 });
    expect(places.advance(16)).toBe(false);
    places.target('bank', { x: 100, y: 0 });
    expect(places.advance(5_000)).toBe(true);
    expect(places.get('bank')).toMatchObject({ x: 100, y: 0 });
    expect(places.advance(16)).toBe(false);
  });
});
