import { build } from './build.mjs';
import { install } from './install.mjs';

/** Installs and builds what has changed since the last time; what takes long is done at the same time. */
export async function prepare() {
  const { compiled } = await install();
  await Promise.all([compiled, build()]);
}
