import type { LayoutForces } from '../messages.ts';

export const CHARGE_DEFAULT = -2_400;

export const FORCES_DEFAULT: LayoutForces = { charge: CHARGE_DEFAULT, linkLength: 230, gravity: 1 };
