/**
 * What an installation that failed means, in one line that says what to do. `isThere` tells whether a program is installed.
 * @param {string} output what npm printed
 * @param {(program: string) => Promise<boolean>} isThere
 */
export async function reasonOf(output, isThere) {
  if (/gyp ERR|node-gyp/.test(output)) {
    const missing = [];
    for (const tool of ['python3', 'make', 'g++']) if (!(await isThere(tool))) missing.push(tool);
    if (missing.length > 0) {
      return `Could not compile better-sqlite3: ${missing.join(', ')} missing. On Debian: apt-get install build-essential python3`;
    }
    return 'Could not compile better-sqlite3 (see above).';
  }
  if (/EACCES|EROFS/.test(output)) return 'Could not install: this folder is not writable (see above).';
  if (/ENOSPC/.test(output)) return 'Could not install: the disk is full.';
  if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|EAI_AGAIN/.test(output)) {
    return 'Could not install: the npm registry was not reached (see above).';
  }
  return 'Could not install the dependencies (see above).';
}
