/** What the bench asks a worker of its page, and what comes back. */
export type LayoutQuestion =
  | {
      readonly kind: 'settle';
      readonly engine: 'own' | 'd3' | 'd3WithRoom' | 'forceAtlas2';
      readonly nodes: number;
      readonly calls: number;
      readonly seed: number;
    }
  | { readonly kind: 'newcomer'; readonly nodes: number; readonly calls: number; readonly seed: number };

export type LayoutAnswer =
  | {
      readonly kind: 'settled';
      /** Median of a tick; of all ticks with what comes before the first. */
      readonly tickMillis: number;
      readonly totalMillis: number;
      readonly ticks: number;
      readonly stress: number;
    }
  | {
      readonly kind: 'newcomer';
      /** Of those that were there before, in mean link lengths. */
      readonly movedP95: number;
      readonly movedMost: number;
      /** Stress with the newcomer, relative to a layout of the same nodes from the beginning. */
      readonly stressToFresh: number;
    };
