import type { IncomingMessage } from 'node:http';
import { bearerToken } from './bearer.ts';
import { equalSecrets } from './equal-secrets.ts';

/** Whether a request carries the ingest key: `Authorization: Bearer <key>`. */
export function createIngestKeyCheck(ingestKey: string): (request: IncomingMessage) => boolean {
  return (request) => {
    const given = bearerToken(request);
    return given !== null && equalSecrets(given, ingestKey);
  };
}
