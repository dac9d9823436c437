import { expect, test } from 'vitest';
import { createChoices } from './choices.ts';
import { profiles } from './profiles.ts';
import { seededRandom, seedOf } from './random.ts';

function firstChoices(profile: (typeof profiles)[keyof typeof profiles], seed: number) {
  const choose = createChoices(profile, seededRandom(seedOf(seed, profile.name)));
  return Array.from({ length: 2_000 }, choose);
}

test('the same seed makes the same choices', () => {
  for (const profile of Object.values(profiles)) expect(firstChoices(profile, 7)).toEqual(firstChoices(profile, 7));
});

test('another seed, or another client, makes others', () => {
  expect(firstChoices(profiles.kiosk, 7)).not.toEqual(firstChoices(profiles.kiosk, 8));
  expect(seedOf(7, 'kiosk')).not.toBe(seedOf(7, 'web-shop'));
});

test('wishes come as often as the profile says', () => {
  const choices = firstChoices(profiles.kiosk, 7);
  const shareOf = (wish: string) => choices.filter((choice) => choice.wish === wish).length / choices.length;
  expect(shareOf('bookBroke')).toBeCloseTo(0.16, 1);
  expect(shareOf('sendMalformed')).toBeCloseTo(0.04, 1);
  expect(shareOf('listFlights')).toBeCloseTo(0.28, 1);
});

test('the random numbers are those of mulberry32', () => {
  const random = seededRandom(1);
  expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
});

test('the shares of all clients add up to the whole rate', () => {
  expect(Object.values(profiles).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
});
