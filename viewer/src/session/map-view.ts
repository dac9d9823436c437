import { FORCES_DEFAULT } from '../scene/layout/forces-default.ts';
import type { Arrangement, DetailTold, LayoutForces, Light } from '../scene/messages.ts';
import type { Scene, SceneListener } from '../scene/scene.ts';

/** How the map is looked at, beyond its camera: not what it shows of the estate. */
export interface MapView {
  readonly arrangement: Arrangement;
  readonly forces: LayoutForces;
  /** What alone stands in the light; null: everything. */
  readonly light: Light | null;
  /** What the light fell on; null: nothing, or there is none. */
  readonly lit: { readonly nodes: number; readonly links: number } | null;
  /** How much is drawn of a map that is too large to be read at once; null: not known yet. */
  readonly detail: DetailTold | null;
}

export interface MapCommands {
  arrange(arrangement: Arrangement): void;
  setForces(forces: LayoutForces): void;
  light(light: Light | null): void;
}

export const MAP_VIEW: MapView = { arrangement: 'force', forces: FORCES_DEFAULT, light: null, lit: null, detail: null };

/** Keeps what was asked of the map and what it answered; `changed` after each. */
export function createMapView(scene: () => Scene, changed: () => void) {
  let view = MAP_VIEW;
  const change = (changes: Partial<MapView>): void => {
    view = { ...view, ...changes };
    changed();
  };
  const commands: MapCommands = {
    arrange(arrangement) {
      scene().arrange(arrangement);
      change({ arrangement });
    },
    setForces(forces) {
      scene().forces(forces);
      change({ forces });
    },
    light(light) {
      scene().light(light);
      change({ light, lit: null });
    },
  };
  const listener: Required<Pick<SceneListener, 'detail' | 'lit'>> = {
    detail: (detail) => change({ detail }),
    lit: (lit) => change({ lit }),
  };
  /** On another graph the same light falls on others. */
  const seeAgain = (): void => {
    if (view.light !== null) scene().light(view.light);
  };
  return { view: () => view, commands, listener, seeAgain };
}
