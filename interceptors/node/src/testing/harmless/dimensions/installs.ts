import type { Moment } from '../trial.ts';

/** What happens to the interceptor at each moment of a case. `early`: it stood before anything else was imported. */
export const installPlans: {
  readonly [name: string]: { readonly [moment in Moment]?: 'install' | 'remove' | 'install and remove' };
} = {
  early: {},
  'before the server': { begin: 'install' },
  'after the server listens': { listening: 'install' },
  'in mid-connection': { middle: 'install' },
  'removed before': { begin: 'install and remove' },
  'removed when the server listens': { begin: 'install', listening: 'remove' },
  'removed in mid-connection': { begin: 'install', middle: 'remove' },
  twice: { begin: 'install', listening: 'install', middle: 'install' },
};

// Most of what can go wrong can in the ordinary case: it stands in the table more often than the others.
export const installs = Object.keys(installPlans);
