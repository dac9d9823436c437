import cytoscape from 'cytoscape';
import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import type { DrawingAnswer, DrawingQuestion } from '../drawing-question.ts';
import { generateEstate } from '../generated-estate.ts';
import { watchMainThread } from './main-thread.ts';
import { dotPath, peerPlaces } from './peer-places.ts';

/** The same estate in cytoscape, its dots as nodes; its own shortcuts for large graphs are on. */
async function run({ nodes, calls, dots, millis, isLayoutLive }: DrawingQuestion): Promise<DrawingAnswer> {
  const estate = generateEstate(nodes, calls, seededRandom(7));
  const placeOf = peerPlaces(estate);
  const dotAt = dotPath(estate, dots);
  const dotsAt = Array.from({ length: dots }, (_, dot) => ({
    data: { id: `dot-${dot}` },
    position: { ...dotAt(dot, 0) },
  }));
  const cy = cytoscape({
    container: document.querySelector<HTMLElement>('#map'),
    elements: {
      nodes: [
        ...estate.nodes.map(({ id, name }, index) => ({
          data: { id, label: name },
          position: { ...placeOf(index, 0) },
        })),
        ...dotsAt,
      ],
      edges: estate.calls.map(({ source, target }, index) => {
        return {
          data: { id: `call-${index}`, source: `${estate.nodes[source]?.id}`, target: `${estate.nodes[target]?.id}` },
        };
      }),
    },
    style: [
      { selector: 'node', style: { label: 'data(label)', 'background-color': '#3f8a78' } },
      { selector: 'edge', style: { 'curve-style': 'haystack', 'line-color': '#7a8792', width: 1 } },
    ],
    layout: { name: 'preset' },
    textureOnViewport: true,
    hideEdgesOnViewport: false,
  });
  const known = estate.nodes.map(({ id }) => cy.getElementById(id));
  const flying = dotsAt.map(({ data }) => cy.getElementById(data.id));
  const watched = watchMainThread((at) => {
    const turn = at / 1_000;
    cy.batch(() => {
      if (isLayoutLive) for (const [index, node] of known.entries()) node.position({ ...placeOf(index, turn) });
      for (const [dot, node] of flying.entries()) node.position({ ...dotAt(dot, turn) });
    });
    cy.viewport({
      zoom: 0.12 + 0.06 * Math.sin(turn * 1.3),
      pan: { x: innerWidth * (0.5 + 0.2 * Math.sin(turn)), y: innerHeight * (0.5 + 0.2 * Math.cos(turn * 0.7)) },
    });
  });
  await new Promise((resolve) => setTimeout(resolve, millis));
  const { held, own, between, longest } = watched.stop();
  return { held, own, between, longest, drawn: held, note: '' };
}

Object.assign(globalThis, { runDrawing: run });
