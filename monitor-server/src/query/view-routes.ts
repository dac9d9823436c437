import { placeSchema, viewSchema } from '@soa-monitor/protocol';
import { problem } from '../problem/problem.ts';
import { decodePlace, decodeView } from './decode-view.ts';
import { type Answer, json, type Route } from './route.ts';

/** Kept places and settings. Each change is told to all viewers. */
export const viewRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/views/:id',
    summary: 'A view: kept places and settings',
    answers: json(viewSchema),
    read(parameters) {
      const id = parameters.id('id');
      return async ({ parts, request }) => {
        const kept = await parts.store.view(id);
        // A view that nobody has kept anything in is an empty one: asking for it is no mistake.
        if (kept === null) return { kind: 'json', body: { nodes: {}, settings: {} } };
        const { view, etag } = kept;
        return tagsOf(request.headers['if-none-match']).includes(etag)
          ? { kind: 'notModified', etag }
          : { kind: 'json', body: view, etag };
      };
    },
  },
  {
    method: 'put',
    path: '/views/:id',
    summary: 'Keeps a whole view; with If-Match only if it is still that one',
    answers: json(viewSchema),
    body: { schema: viewSchema, bytesMax: 8 * 1024 * 1024 },
    read(parameters) {
      const id = parameters.id('id');
      return async ({ parts, request, body }) => {
        const decoded = decodeView(body);
        if (decoded.kind === 'invalid') return invalid('the view', decoded.reasons);
        const ifMatch = await matching(parts.store.view(id), request.headers['if-match']);
        const put = ifMatch === undefined ? null : await parts.store.putView(id, decoded.view, ifMatch);
        if (put === null) {
          const detail = 'the view was changed meanwhile: get it again';
          return { kind: 'problem', problem: problem(412, 'changed', detail) };
        }
        parts.announceView(id);
        return { kind: 'json', body: decoded.view, etag: put.etag };
      };
    },
  },
  {
    method: 'patch',
    path: '/views/:id/nodes/:node',
    summary: "Keeps one node's place, or with null takes it away; the last write wins",
    answers: json({ anyOf: [placeSchema, { type: 'null' }] }),
    body: { schema: { anyOf: [placeSchema, { type: 'null' }] }, bytesMax: 4 * 1024 },
    read(parameters) {
      const id = parameters.id('id');
      const node = parameters.id('node');
      return async ({ parts, body }) => {
        const decoded = decodePlace(body);
        if (decoded.kind === 'invalid') return invalid('the place', decoded.reasons);
        const { etag } = await parts.store.placeNode(id, node, decoded.place);
        parts.announceView(id);
        return { kind: 'json', body: decoded.place, etag };
      };
    },
  },
];

const invalid = (what: string, reasons: readonly string[]): Answer => ({
  kind: 'problem',
  problem: problem(400, 'invalid-body', `${what} cannot be taken`, reasons),
});

/** Entity tags as the store gives them, in their quotes; a weak one is compared as if it were strong. */
const tagsOf = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').flatMap((tag) => tag.trim().replace(/^W\//, '') || []);

/** The tag that the store is to compare: null for none asked, undefined when it is known already that none matches. */
async function matching(
  kept: Promise<{ readonly etag: string } | null>,
  header: string | undefined,
): Promise<string | null | undefined> {
  if (header === undefined) return null;
  const etag = (await kept)?.etag;
  const tags = tagsOf(header);
  return etag !== undefined && (tags.includes('*') || tags.includes(etag)) ? etag : undefined;
}
