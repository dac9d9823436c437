export * from './driver/browser.ts';
export * from './driver/counts.ts';
export * from './driver/estate.ts';
export * from './driver/process.ts';
export * from './driver/scene-probe.ts';
