/** Ours, d3-force without and with room around nodes, and ForceAtlas2. */
export type Engine = 'own' | 'd3' | 'd3WithRoom' | 'forceAtlas2';
export const ENGINES_RACED: readonly Engine[] = ['own', 'd3', 'd3WithRoom', 'forceAtlas2'];

/** ms of a tick of each, a calm one. */
export type Round = Readonly<Record<Engine, number>>;

/** What the bench asks a worker of its page, and what comes back. */
export type LayoutQuestion =
  | {
      readonly kind: 'settle';
      readonly engine: Engine;
      readonly nodes: number;
      readonly calls: number;
      readonly seed: number;
    }
  | {
      readonly kind: 'race';
      readonly nodes: number;
      readonly calls: number;
      readonly seed: number;
      readonly rounds: number;
      readonly ticks: number;
    }
  | { readonly kind: 'newcomer'; readonly nodes: number; readonly calls: number; readonly seed: number };

export type LayoutAnswer =
  | {
      readonly kind: 'settled';
      /** Of all ticks with what comes before the first. */
      readonly totalMillis: number;
      readonly ticks: number;
      readonly stress: number;
    }
  | { readonly kind: 'raced'; readonly rounds: readonly Round[] }
  | {
      readonly kind: 'newcomer';
      /** Of those that were there before, in mean link lengths. */
      readonly movedP95: number;
      readonly movedMost: number;
      /** Stress with the newcomer, relative to a layout of the same nodes from the beginning. */
      readonly stressToFresh: number;
    };
