/** A picture as plain data, so that a file and a canvas show the same. Lengths in pixels of the picture. */
export type Shape = PathShape | TextShape;

export interface PathShape {
  readonly kind: 'path';
  /** As in SVG. */
  readonly d: string;
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly alpha?: number;
}

export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: string;
  readonly size: number;
  readonly weight?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly mono?: boolean;
  readonly alpha?: number;
  /** Drawn around the letters, so that lines under them do not cross them out. */
  readonly halo?: string;
}

export const SANS = 'Inter, system-ui, sans-serif';
export const MONO = '"JetBrains Mono", ui-monospace, monospace';

/** With one decimal: files are no larger than they need to be. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

export const circleAt = (x: number, y: number, radius: number): string =>
  `M${at(x - radius)} ${at(y)}a${at(radius)} ${at(radius)} 0 1 0 ${at(radius * 2)} 0a${at(radius)} ${at(radius)} 0 1 0 ${at(-radius * 2)} 0Z`;

export const polygonAt = (points: readonly { readonly x: number; readonly y: number }[]): string =>
  `${points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('')}Z`;

export const rectangleAt = (x: number, y: number, width: number, height: number): string =>
  `M${at(x)} ${at(y)}h${at(width)}v${at(height)}h${at(-width)}Z`;
