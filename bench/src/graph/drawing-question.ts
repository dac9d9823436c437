/** What is drawn, and for how long: the camera pans and zooms all the while. */
export interface DrawingQuestion {
  readonly nodes: number;
  readonly calls: number;
  readonly dots: number;
  readonly isLayoutLive: boolean;
  readonly millis: number;
}

/** All in ms. `held`: from a frame's begin on the main thread to the next task after it; `longest`: the longest task. */
export interface DrawingAnswer {
  readonly held: readonly number[];
  readonly longest: number;
  /** Of what holds the main thread, our own code. */
  readonly own: readonly number[];
  /** Of whoever draws: from frame to frame, and what each took, its painting included. */
  readonly between: readonly number[];
  readonly drawn: readonly number[];
  readonly note: string;
}
