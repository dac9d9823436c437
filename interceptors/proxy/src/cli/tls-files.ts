import { createSecureContext } from 'node:tls';
import type { TlsFiles } from '../settings.ts';
import type { GlobalText, RouteText } from './option-names.ts';

/** Reads certificate, key and authorities, and sees that they can be used; throws an Error that says which cannot. */
export function readTlsFiles(
  texts: ReadonlyMap<RouteText | GlobalText, string>,
  [certName, keyName, caName]: readonly [RouteText, RouteText, RouteText],
  readFile: (path: string) => Buffer,
): TlsFiles {
  const read = (name: RouteText): Buffer | null => {
    const path = texts.get(name);
    if (path === undefined) return null;
    try {
      return readFile(path);
    } catch (error) {
      throw new Error(`--${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const files = { cert: read(certName), key: read(keyName), ca: read(caName) };
  const { cert, key, ca } = files;
  const check = (names: string, options: Parameters<typeof createSecureContext>[0]): void => {
    try {
      createSecureContext(options);
    } catch (error) {
      throw new Error(`${names} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  if (ca !== null) check(`--${caName}`, { ca });
  if (cert !== null && key !== null) check(`--${certName} with --${keyName}`, { cert, key });
  return files;
}
