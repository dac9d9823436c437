import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { apiGuide } from './api-guide.ts';
import { runExamples } from './run-examples.ts';

const GUIDE = fileURLToPath(new URL('../../../../docs/api.md', import.meta.url));

test('docs/api.md is what the monitor says of itself and answers now (npm run api-guide writes it)', async () => {
  const guide = apiGuide(await runExamples());
  // The same each time it is made.
  expect(apiGuide(await runExamples())).toBe(guide);
  await expect(guide).toMatchFileSnapshot(GUIDE);
});
