import Graph from 'graphology';
import Sigma from 'sigma';
import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import type { DrawingAnswer, DrawingQuestion } from '../drawing-question.ts';
import { generateEstate } from '../generated-estate.ts';
import { watchMainThread } from './main-thread.ts';
import { dotPath, peerPlaces } from './peer-places.ts';

/** The same estate in sigma, its dots as nodes, all places changing in each frame as they do while a layout runs. */
async function run({ nodes, calls, dots, millis, isLayoutLive }: DrawingQuestion): Promise<DrawingAnswer> {
  const estate = generateEstate(nodes, calls, seededRandom(7));
  const placeOf = peerPlaces(estate);
  const numbers = new Map(estate.nodes.map(({ id }, index) => [id, index]));
  const graph = new Graph({ multi: true });
  for (const [index, { id, name }] of estate.nodes.entries()) {
    graph.addNode(id, { ...placeOf(index, 0), size: 4, label: name, color: '#3f8a78' });
  }
  for (const { source, target } of estate.calls) {
    graph.addEdge(estate.nodes[source]?.id, estate.nodes[target]?.id, { size: 1, color: '#7a8792', type: 'arrow' });
  }
  const dotAt = dotPath(estate, dots);
  for (let dot = 0; dot < dots; dot++) graph.addNode(`dot-${dot}`, { ...dotAt(dot, 0), size: 3, color: '#0062a3' });
  const host = document.querySelector<HTMLElement>('#map');
  if (host === null) throw new Error('no map');
  const sigma = new Sigma(graph, host);
  const watched = watchMainThread((at) => {
    const turn = at / 1_000;
    graph.updateEachNodeAttributes((id, attributes) => {
      const isDot = id.startsWith('dot-');
      if (!isDot && !isLayoutLive) return attributes;
      const place = isDot ? dotAt(Number(id.slice(4)), turn) : placeOf(numbers.get(id) ?? 0, turn);
      return Object.assign(attributes, place);
    });
    sigma.getCamera().setState({
      x: 0.5 + 0.2 * Math.sin(turn),
      y: 0.5 + 0.2 * Math.cos(turn * 0.7),
      ratio: 0.6 + 0.3 * Math.sin(turn * 1.3),
    });
  });

  await new Promise((resolve) => setTimeout(resolve, millis));
  const { held, own, between, longest } = watched.stop();
  return { held, own, between, longest, drawn: held, note: '' };
}

Object.assign(globalThis, { runDrawing: run });
