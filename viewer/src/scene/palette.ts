import type { Theme } from './messages.ts';

/** The colours of the map. Hues of Okabe and Ito, muted where all is well; palette.test.ts holds the contrasts. */
export interface Palette {
  readonly ground: string;
  readonly hull: string;
  readonly hullEdge: string;
  readonly machineHull: string;
  readonly machineEdge: string;
  readonly text: string;
  readonly textQuiet: string;
  readonly plate: string;
  readonly plateEdge: string;
  readonly link: string;
  readonly linkQuiet: string;
  readonly request: string;
  readonly reply: string;
  readonly fault: string;
  readonly accent: string;
  readonly stateless: string;
  readonly onMark: string;
  readonly states: Readonly<Record<KnownState, string>>;
  readonly stateWords: Readonly<Record<KnownState, string>>;
}

export type KnownState = 'unknown' | 'up' | 'suspect' | 'degraded' | 'down' | 'blind' | 'maintenance';

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ground: '#f4f6f7',
    hull: 'rgb(70 104 128 / 7%)',
    hullEdge: 'rgb(70 104 128 / 26%)',
    machineHull: 'rgb(70 104 128 / 4%)',
    machineEdge: 'rgb(70 104 128 / 20%)',
    text: '#16202a',
    textQuiet: '#525e69',
    plate: '#ffffff',
    plateEdge: '#d5dbe0',
    link: '#7a8792',
    linkQuiet: '#b3bdc5',
    request: '#0062a3',
    reply: '#3d8fc4',
    fault: '#c94a00',
    accent: '#005a94',
    stateless: '#5c6771',
    onMark: '#ffffff',
    states: {
      unknown: '#6b7780',
      up: '#3f8a78',
      suspect: '#b07d1e',
      degraded: '#a86800',
      down: '#c94a00',
      blind: '#6b7780',
      maintenance: '#2b83b8',
    },
    stateWords: {
      unknown: '#525e69',
      up: '#2b7a66',
      suspect: '#8f5b00',
      degraded: '#8f5b00',
      down: '#b53d00',
      blind: '#525e69',
      maintenance: '#1b6a96',
    },
  },
  dark: {
    ground: '#0f151a',
    hull: 'rgb(150 190 220 / 6%)',
    hullEdge: 'rgb(150 190 220 / 22%)',
    machineHull: 'rgb(150 190 220 / 3%)',
    machineEdge: 'rgb(150 190 220 / 17%)',
    text: '#e6ebef',
    textQuiet: '#a3b0bb',
    plate: '#1b242c',
    plateEdge: '#2c3741',
    link: '#66757f',
    linkQuiet: '#3a464f',
    request: '#7cc4f0',
    reply: '#5d9cc4',
    fault: '#ff8a55',
    accent: '#6cb8ee',
    stateless: '#98a5b0',
    onMark: '#0b1116',
    states: {
      unknown: '#98a5b0',
      up: '#4f9e89',
      suspect: '#d9b45f',
      degraded: '#e69f00',
      down: '#f0703a',
      blind: '#98a5b0',
      maintenance: '#56b4e9',
    },
    stateWords: {
      unknown: '#a3b0bb',
      up: '#62b9a1',
      suspect: '#e6c474',
      degraded: '#eeb04a',
      down: '#ff8a55',
      blind: '#a3b0bb',
      maintenance: '#7cc4f0',
    },
  },
  /** For who needs more contrast: 7 : 1 for text, lines as strong as marks, plates with an edge. */
  contrast: {
    ground: '#000000',
    hull: 'rgb(255 255 255 / 5%)',
    hullEdge: 'rgb(255 255 255 / 60%)',
    machineHull: 'rgb(255 255 255 / 3%)',
    machineEdge: 'rgb(255 255 255 / 45%)',
    text: '#ffffff',
    textQuiet: '#dfe5ea',
    plate: '#000000',
    plateEdge: '#ffffff',
    link: '#c3ccd4',
    linkQuiet: '#8d99a3',
    request: '#8fd3ff',
    reply: '#c6e8ff',
    fault: '#ff9d6e',
    accent: '#ffe14d',
    stateless: '#dfe5ea',
    onMark: '#000000',
    states: {
      unknown: '#dfe5ea',
      up: '#5fe0c0',
      suspect: '#ffd873',
      degraded: '#ffb733',
      down: '#ff8a55',
      blind: '#dfe5ea',
      maintenance: '#8fd3ff',
    },
    stateWords: {
      unknown: '#dfe5ea',
      up: '#7ff0d2',
      suspect: '#ffe08a',
      degraded: '#ffc352',
      down: '#ff9d6e',
      blind: '#dfe5ea',
      maintenance: '#8fd3ff',
    },
  },
};

const KNOWN: ReadonlySet<string> = new Set(Object.keys(PALETTES.light.states));
const isKnown = (state: string): state is KnownState => KNOWN.has(state);

/** A state of a newer server is drawn as unknown, with its own word beside it. */
export const knownState = (state: string): KnownState => (isKnown(state) ? state : 'unknown');
