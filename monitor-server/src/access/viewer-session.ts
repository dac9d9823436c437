import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerToken } from './bearer.ts';
import { equalSecrets } from './equal-secrets.ts';

/** Who may look: everybody where no viewer token is set, else who sends it, or the cookie that `GET /?token=` gives for it. */
export interface ViewerSession {
  mayLook(request: IncomingMessage): boolean;
  /** Answers `GET /?token=`, and any other page asked for without a session; false when the request was something else. */
  answerSignIn(request: IncomingMessage, response: ServerResponse): boolean;
}

const COOKIE = 'soa_monitor_viewer';
const SESSION_SECONDS = 12 * 3_600;

export function createViewerSession(viewerToken: string | null): ViewerSession {
  if (viewerToken === null) return { mayLook: () => true, answerSignIn: () => false };
  // The cookie is not the token, so that what a browser keeps opens nothing but a browser's session.
  const session = createHmac('sha256', viewerToken).update('viewer session 1').digest('base64url');
  return {
    mayLook(request) {
      const bearer = bearerToken(request);
      if (bearer !== null) return equalSecrets(bearer, viewerToken);
      return cookiesNamed(COOKIE, request.headers.cookie ?? '').some((value) => equalSecrets(value, session));
    },
    answerSignIn(request, response) {
      if (request.method !== 'GET') return false;
      const url = new URL(request.url ?? '/', 'http://localhost');
      const given = url.pathname === '/' ? url.searchParams.get('token') : null;
      if (given !== null && equalSecrets(given, viewerToken)) {
        const cookie = `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_SECONDS}`;
        // A page that goes on by itself, not a redirect: after a link from elsewhere a redirect would not send a Strict cookie.
        answer(response, 200, '<meta http-equiv="refresh" content="0;url=/"><p><a href="/">Go on</a></p>', cookie);
        return true;
      }
      if (this.mayLook(request) || !(request.headers.accept ?? '').includes('text/html')) return false;
      answer(response, 401, SIGN_IN, null);
      return true;
    },
  };
}

const SIGN_IN =
  '<h1>SOA Monitor</h1><form method="get" action="/"><label>Viewer token ' +
  '<input name="token" type="password" autocomplete="off" autofocus required></label> <button>Look</button></form>';

const cookiesNamed = (name: string, header: string): readonly string[] =>
  header.split(';').flatMap((pair) => {
    const [key, value] = pair.split('=', 2);
    return key?.trim() === name && value !== undefined ? [value.trim()] : [];
  });

function answer(response: ServerResponse, status: number, html: string, cookie: string | null): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
  });
  response.end(`<!doctype html><html lang="en"><title>SOA Monitor</title>${html}</html>`);
}
