/** How long ago, in ms, a hand was at the page: its pointer, its wheel, its keys. */
export function watchLastTouch(page: EventTarget): () => number {
  let touchedAt = performance.now();
  const touch = (): void => {
    touchedAt = performance.now();
  };
  for (const kind of TOUCHES) page.addEventListener(kind, touch, { passive: true, capture: true });
  return () => performance.now() - touchedAt;
}

const TOUCHES = ['pointermove', 'pointerdown', 'wheel', 'keydown', 'focusin'];
