import { serveParent } from '../child.ts';
import type { LoadWish } from './load.ts';
import { pace } from './paced-load.ts';
import { saturate } from './saturating-load.ts';

// The load, in a process of its own: one wish after the other.
serveParent((question) => {
  const wish = question as LoadWish;
  return wish.rate === null ? saturate(wish) : pace(wish);
});
