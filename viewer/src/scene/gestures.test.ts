import { describe, expect, it } from 'vitest';
import type { Camera } from './camera.ts';
import { createGestures } from './gestures.ts';
import type { Pick, Pointer } from './messages.ts';

function setUp(under: Pick | null) {
  let camera: Camera = { x: 10, y: 20, zoom: 2 };
  const done: string[] = [];
  const point = ({ x, y }: { x: number; y: number }) => `${x},${y}`;
  const gesture = createGestures({
    camera: () => camera,
    moveCamera(next) {
      camera = next;
    },
    pickAt: () => under,
    hover: (pick) => done.push(`hover ${pick?.id ?? 'nothing'}`),
    picked: (pick) => done.push(`picked ${pick?.id ?? 'nothing'}`),
    drag: (node, to) => done.push(`drag ${node} ${point(to)}`),
    drop: (node, at) => done.push(`drop ${node} ${point(at)}`),
    showAll: () => done.push('show all'),
  });
  const go = (kind: 'down' | 'move' | 'up', x: number, y: number) => gesture({ kind, x, y } satisfies Pointer);
  return { gesture, go, done, camera: () => camera };
}

describe('gestures', () => {
  it('pick what is clicked, also with an unsteady hand', () => {
    const { go, done } = setUp({ kind: 'link', id: 'l' });
    go('down', 50, 50);
    go('move', 52, 51);
    go('up', 52, 51);
    expect(done).toEqual(['picked l']);
  });
  it('pan when the ground, a link or a dot is dragged', () => {
    const { go, done, camera } = setUp(null);
    go('down', 50, 50);
    go('move', 60, 50);
    go('move', 60, 80);
    go('up', 60, 80);
    expect(camera()).toEqual({ x: 20, y: 50, zoom: 2 });
    expect(done).toEqual([]);
  });
  it('move a node that is dragged, in scene units', () => {
    const { go, done } = setUp({ kind: 'node', id: 'n' });
    go('down', 50, 50);
    go('move', 70, 60);
    go('up', 70, 60);
    expect(done).toEqual(['drag n 30,20', 'drop n 30,20']);
  });
  it('hover, and stop hovering when the pointer leaves', () => {
    const { go, gesture, done } = setUp({ kind: 'node', id: 'n' });
    go('move', 5, 5);
    gesture({ kind: 'leave' });
    expect(done).toEqual(['hover n', 'hover nothing']);
  });
  it('show all of the map at a double click on the ground', () => {
    const { gesture, done } = setUp(null);
    gesture({ kind: 'double', x: 1, y: 1 });
    expect(done).toEqual(['show all']);
  });
  it('zoom at the pointer with the wheel', () => {
    const { gesture, camera } = setUp(null);
    gesture({ kind: 'wheel', x: 10, y: 20, deltaY: -120 });
    expect(camera()).toMatchObject({ x: 10, y: 20 });
    expect(camera().zoom).toBeGreaterThan(2);
  });
});
