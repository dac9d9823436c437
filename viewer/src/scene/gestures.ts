import { type Camera, type Point, panned, toScene, wheelFactor, zoomed } from './camera.ts';
import type { Pick, Pointer } from './messages.ts';

/** What the pointer does, told in the words of the map. */
export interface GestureTarget {
  camera(): Camera;
  moveCamera(camera: Camera): void;
  pickAt(at: Point): Pick | null;
  hover(pick: Pick | null): void;
  picked(pick: Pick | null): void;
  drag(node: string, toScene: Point): void;
  drop(node: string, atScene: Point): void;
  showAll(): void;
}

/** A press that moves less than this is a click. */
const CLICK_REACH = 4;

type Press =
  | { readonly kind: 'none' }
  | { readonly kind: 'pressed'; readonly at: Point; readonly pick: Pick | null }
  | { readonly kind: 'panning'; readonly at: Point }
  | { readonly kind: 'dragging'; readonly node: string };

/** Wheel zooms at the pointer, a drag on the ground pans, on a node moves it; a click picks; a double click fits. */
export function createGestures(target: GestureTarget): (pointer: Pointer) => void {
  let press: Press = { kind: 'none' };

  function move(at: Point): void {
    if (press.kind === 'pressed' && Math.hypot(at.x - press.at.x, at.y - press.at.y) >= CLICK_REACH) {
      const { pick } = press;
      press = pick?.kind === 'node' ? { kind: 'dragging', node: pick.id } : { kind: 'panning', at: press.at };
    }
    if (press.kind === 'panning') {
      target.moveCamera(panned(target.camera(), at.x - press.at.x, at.y - press.at.y));
      press = { kind: 'panning', at };
    } else if (press.kind === 'dragging') target.drag(press.node, toScene(target.camera(), at));
    else if (press.kind === 'none') target.hover(target.pickAt(at));
  }

  function release(at: Point): void {
    if (press.kind === 'pressed') target.picked(press.pick);
    if (press.kind === 'dragging') target.drop(press.node, toScene(target.camera(), at));
    press = { kind: 'none' };
  }

  return (pointer) => {
    switch (pointer.kind) {
      case 'down':
        press = { kind: 'pressed', at: pointer, pick: target.pickAt(pointer) };
        return;
      case 'move':
        return move(pointer);
      case 'up':
        return release(pointer);
      case 'wheel':
        return target.moveCamera(zoomed(target.camera(), pointer, wheelFactor(pointer.deltaY)));
      case 'double':
        if (target.pickAt(pointer) === null) target.showAll();
        return;
      case 'leave':
        if (press.kind === 'none') target.hover(null);
    }
  };
}
