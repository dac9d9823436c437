import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '@soa-monitor/protocol';
import type { Metrics } from '../metrics/metrics.ts';
import { problem, sendProblem } from '../problem/problem.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { setSecurityHeaders } from './security-headers.ts';
import type { ViewerSession } from './viewer-session.ts';

/** The door: what each request and each socket must pass before any route sees it (design, section 9). */
export interface Access {
  /** Whether a route may go on; if not, it has been answered. */
  admit(request: IncomingMessage, response: ServerResponse): boolean;
  /** Why a socket may not be opened, or null. */
  refusal(request: IncomingMessage): Problem | null;
}

/** The only two that need no viewer token: reports have a key of their own, and /healthz tells nothing. */
const OPEN_PATHS: readonly (string | undefined)[] = ['/api/v1/reports', '/healthz'];

export function createAccess(parts: {
  /** Asked at each request: the port is known once the server listens. */
  readonly hosts: () => AllowedHosts;
  readonly session: ViewerSession;
  readonly metrics: Metrics;
}): Access {
  const { hosts, session, metrics } = parts;

  const refusal = (request: IncomingMessage): Problem | null => {
    // An absolute-form target would name a host of its own.
    if (!request.url?.startsWith('/')) return problem(400, 'request-target', 'the request target is no path');
    const hostHeaders = request.headersDistinct.host ?? [];
    if (hostHeaders.length !== 1 || !hosts().isHost(hostHeaders[0])) {
      const detail = 'this server is not known by the name in Host; --host-name adds a name';
      return problem(421, 'host', detail);
    }
    const { origin } = request.headers;
    if (origin !== undefined && !hosts().isOrigin(origin)) {
      return problem(403, 'origin', 'requests from pages of other sites are refused');
    }
    const [path] = request.url.split('?', 1);
    if (OPEN_PATHS.includes(path) || session.mayLook(request)) return null;
    return problem(401, 'viewer-token', 'a viewer token is needed: Authorization: Bearer …, or open /?token=…');
  };

  return {
    refusal,
    admit(request, response) {
      setSecurityHeaders(response);
      const refused = refusal(request);
      if (refused?.status === 401 || isSignIn(request, refused)) {
        if (session.answerSignIn(request, response)) return false;
      }
      if (refused === null) return true;
      metrics.count('refused_requests', refused.type.split(':').at(-1));
      sendProblem(response, refused, refused.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {});
      return false;
    },
  };
}

const isSignIn = (request: IncomingMessage, refused: Problem | null): boolean =>
  refused === null && (request.url?.startsWith('/?') ?? false);
