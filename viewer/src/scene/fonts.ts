import monoUrl from '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-500-normal.woff2?url';
import sansUrl from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';

/** What the map is lettered in, as the canvas takes it. */
export interface Lettering {
  readonly sans: string;
  readonly strong: string;
  readonly mono: string;
}

/** Until the map's own fonts have come. */
export const SYSTEM_LETTERING: Lettering = {
  sans: '500 12px system-ui, sans-serif',
  strong: '650 12px system-ui, sans-serif',
  mono: '500 12px ui-monospace, monospace',
};

/**
 * Not to be used before it is loaded: a worker's canvas goes on with the font that it first found for a name, also when
 * the right one has come since (seen in Chromium 156).
 */
const OWN_LETTERING: Lettering = {
  sans: '500 12px "Map Sans", system-ui, sans-serif',
  strong: '650 12px "Map Sans", system-ui, sans-serif',
  mono: '500 12px "Map Mono", ui-monospace, monospace',
};

/** A worker has fonts of its own: the page's are not there. */
export async function loadLettering(fonts: FontFaceSet): Promise<Lettering> {
  const faces = [
    new FontFace('Map Sans', `url(${sansUrl})`, { weight: '100 900' }),
    new FontFace('Map Mono', `url(${monoUrl})`, { weight: '500' }),
  ];
  await Promise.all(faces.map((face) => face.load()));
  for (const face of faces) fonts.add(face);
  return OWN_LETTERING;
}
