import { describe, expect, it } from 'vitest';
import { reasonOf } from './install-failure.mjs';

const all = async () => true;

describe('an installation that failed', () => {
  it('names the compiler that is missing and the command that brings it', async () => {
    const line = await reasonOf('npm error gyp ERR! not ok', async (program) => program === 'make');
    expect(line).toBe(
      'Could not compile better-sqlite3: python3, g++ missing. On Debian: apt-get install build-essential python3',
    );
  });

  it.each([
    ['npm error gyp ERR! build error', 'Could not compile better-sqlite3 (see above).'],
    ['npm error code EACCES', 'Could not install: this folder is not writable (see above).'],
    ['npm error code ENOSPC', 'Could not install: the disk is full.'],
    ['npm error code ENOTFOUND', 'Could not install: the npm registry was not reached (see above).'],
    ['npm error something else', 'Could not install the dependencies (see above).'],
  ])('is said in one line: %s', async (output, line) => {
    expect(await reasonOf(output, all)).toBe(line);
  });
});
