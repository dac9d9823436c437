import type { Arrangement, LayoutForces, Light } from '../scene/messages.ts';
import { MAP_VIEW } from '../session/map-view.ts';

/** How the map is looked at, as search parameters: what is as it begins is left out. */
export interface MapSearch {
  readonly layout?: Arrangement;
  /** "charge,linkLength,gravity" */
  readonly forces?: string;
  /** "hops,node,n" or "path,from,to" */
  readonly light?: string;
}

export interface MapAddress {
  readonly arrangement: Arrangement;
  readonly forces: LayoutForces;
  readonly light: Light | null;
}

export const ARRANGEMENTS = ['force', 'layered', 'machines'] as const satisfies readonly Arrangement[];

export function searchOfMap({ arrangement, forces, light }: MapAddress): MapSearch {
  const shown = lightText(light);
  return {
    ...(arrangement === MAP_VIEW.arrangement ? {} : { layout: arrangement }),
    ...(forcesText(forces) === forcesText(MAP_VIEW.forces) ? {} : { forces: forcesText(forces) }),
    ...(shown === null ? {} : { light: shown }),
  };
}

/** What makes no sense counts as not said. */
export const mapOfSearch = (text: (name: string) => string | null): MapAddress => ({
  arrangement: ARRANGEMENTS.find((each) => each === text('layout')) ?? MAP_VIEW.arrangement,
  forces: forcesOf(text('forces')),
  light: lightOf(text('light')),
});

const HOPS_MAX = 6;
const forcesText = ({ charge, linkLength, gravity }: LayoutForces): string => [charge, linkLength, gravity].join();

/** Within what the panel's sliders reach. */
function forcesOf(text: string | null): LayoutForces {
  const [charge = Number.NaN, linkLength = Number.NaN, gravity = Number.NaN] = (text ?? '').split(',').map(Number);
  const fits = charge <= 0 && charge >= -8_000 && linkLength >= 80 && linkLength <= 600 && gravity >= 0 && gravity <= 4;
  return fits ? { charge, linkLength, gravity } : MAP_VIEW.forces;
}

function lightText(light: Light | null): string | null {
  if (light?.kind === 'hops') return ['hops', light.from, light.hops].join();
  return light?.kind === 'path' ? ['path', light.from, light.to].join() : null;
}

function lightOf(text: string | null): Light | null {
  const [, kind, from = '', rest = ''] = /^(hops|path),([^,]{1,64}),([^,]{1,64})$/.exec(text ?? '') ?? [];
  if (kind === 'path') return { kind, from, to: rest };
  const hops = Number(rest);
  return kind === 'hops' && Number.isInteger(hops) && hops >= 1 && hops <= HOPS_MAX ? { kind, from, hops } : null;
}
