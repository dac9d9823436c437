/** A request of the guide that is run; what it says in braces is put in from answers before it. */
export interface Example {
  readonly method: 'GET' | 'PUT' | 'PATCH';
  /** Path of openapi.json. */
  readonly route: string;
  /** What is really asked, after /api/v1. */
  readonly path: string;
  readonly body?: unknown;
}

export interface Found {
  readonly node: string;
  readonly link: string;
  readonly exchange: string;
  readonly transaction: string;
}

const WINDOW = 'from=2026-11-22T11:55:00Z&to=2026-11-22T12:00:00Z';
const BEFORE = 'from2=2026-11-22T11:50:00Z&to2=2026-11-22T11:55:00Z';

const VIEW = { nodes: {}, settings: { level: 'server' } };

/** At least one for each route, and those that are refused. A route without one fails the guide. */
export const examples = ({ node, link, exchange, transaction }: Found): readonly Example[] => [
  get('/topology', `/topology?${WINDOW}&level=server`),
  get('/topology', '/topology?from=yesterday&level=planet'),
  get('/traffic', `/traffic?${WINDOW}&step=1m&link=${link}`),
  get('/traffic', `/traffic?${WINDOW}&step=10m&groupBy=operation&limit=2`),
  get('/traffic', `/traffic?${WINDOW}&step=1ns`),
  get('/replay', `/replay?${WINDOW}&limit=2`),
  get('/replay', '/replay?at=2026-11-22T12:00:00Z'),
  get('/replay', `/replay?${WINDOW}&sample=0`),
  get('/compare', `/compare?${WINDOW}&${BEFORE}&level=server`),
  get('/compare', `/compare?${WINDOW}&from2=2026-11-22T12:00:00Z&to2=2026-11-22T11:00:00Z`),
  get('/exchanges', `/exchanges?${WINDOW}&outcome=fault&limit=1`),
  get('/exchanges', `/exchanges?${WINDOW}&outcome=bad&limit=0&colour=red`),
  get('/exchanges/{id}', `/exchanges/${exchange}`),
  get('/exchanges/{id}', '/exchanges/1.1'),
  get('/transactions/{id}', `/transactions/${transaction}`),
  get('/transactions/{id}', '/transactions/1.1'),
  get('/export', `/export?${WINDOW}&format=csv&outcome=fault`),
  get('/export', `/export?${WINDOW}&what=traffic&text=money`),
  get('/nodes', '/nodes?limit=1'),
  get('/nodes', '/nodes?cursor=first'),
  get('/nodes/{id}', `/nodes/${node}`),
  get('/nodes/{id}', '/nodes/nobody'),
  get('/nodes/{id}/processes', `/nodes/${node}/processes`),
  get('/nodes/{id}/processes', '/nodes/nobody/processes'),
  get('/nodes/{id}/states', `/nodes/${node}/states?from=2026-11-22T11:00:00Z`),
  get('/nodes/{id}/states', '/nodes/nobody/states'),
  get('/states', '/states?from=2026-11-22T11:00:00Z&to=2026-11-22T13:00:00Z&limit=2'),
  get('/states', '/states?from=tomorrow'),
  get('/links', '/links?limit=1'),
  get('/links', '/links?limit=0'),
  get('/accounting', '/accounting'),
  { method: 'PUT', route: '/views/{id}', path: '/views/wall', body: VIEW },
  { method: 'PUT', route: '/views/{id}', path: '/views/wall', body: { nodes: [] } },
  get('/views/{id}', '/views/wall'),
  get('/views/{id}', '/views/nobodys'),
  {
    ...{ method: 'PATCH', route: '/views/{id}/nodes/{node}', path: `/views/wall/nodes/${node}` },
    body: { x: 40, y: 20, pinned: true },
  },
  { method: 'PATCH', route: '/views/{id}/nodes/{node}', path: `/views/wall/nodes/${node}`, body: { x: 'left' } },
];

const get = (route: string, path: string): Example => ({ method: 'GET', route, path });
