/**
 * What is not the map waits until the map has had its chance to be painted: two frames after the page began. A tab in the
 * background gets no frames, so a timer stands in.
 */
export function afterFirstPaint(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FRAMES_LATE_MILLIS);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}

const FRAMES_LATE_MILLIS = 500;
