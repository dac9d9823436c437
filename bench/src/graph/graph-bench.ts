import { bundlePages } from './bundled-pages.ts';
import { drawingFigures } from './drawing-figures.ts';
import { layoutFigures } from './layout-figures.ts';

/** `npm run bench -- graph`: the map's layout and drawing beside those of others, in a real browser. */
export async function graphBench(): Promise<void> {
  const pages = await bundlePages(['layout', 'scene', 'sigma', 'cytoscape']);
  try {
    await layoutFigures(pages);
    await drawingFigures(pages);
  } finally {
    await pages.close();
  }
}
