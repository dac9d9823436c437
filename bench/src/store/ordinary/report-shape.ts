import { z } from 'zod';

/** The report as a schema library describes it: what the server's own decoder checks, row by row. */
const count = z.number().int().nonnegative();
const offset = count.max(604_800_000_000).nullable();
const call = z.object({
  address: z.string().max(256).optional(),
  path: z.string().max(1_024),
  operation: z.object({ namespace: z.string().max(1_024), name: z.string().max(256) }).nullable(),
  action: z.string().max(1_024).optional(),
  actionSource: z.enum(['soapAction', 'parameter', 'wsa']).optional(),
  soapVersion: z.enum(['1.1', '1.2']).optional(),
  mediaType: z.string().max(128).optional(),
});
const fault = z.object({
  code: z.string().max(1_024),
  reason: z.string().max(1_024).optional(),
  detail: z.string().max(1_024).optional(),
});
const ids = z.object({
  messageId: z.string().max(512).optional(),
  relatesTo: z.string().max(512).optional(),
  traceparent: z.string().max(128).optional(),
});
const row = z.tuple([
  count,
  count,
  count.max(2),
  count,
  count.max(1),
  count.nullable(),
  count.max(7_258_118_400_000_000),
  offset,
  offset,
  offset,
  offset,
  count,
  count,
  count.max(255).nullable(),
  count.max(999),
  count.nullable(),
  count.nullable(),
  count.nullable(),
  ids.nullable(),
]);
export type OrdinaryRow = z.infer<typeof row>;

export const reportShape = z.object({
  version: z.literal(1),
  reporter: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  name: z.string().min(1).max(128),
  machine: z.string().min(1).max(128),
  hostId: z.string().min(1).max(128),
  pid: count,
  stack: z.string().max(256),
  listeners: z.array(z.object({ address: z.string(), port: z.number().int().min(1).max(65_535), tls: z.boolean() })),
  sentAt: count,
  counters: z.object({ observed: count, acknowledged: count, refused: count, inTransit: count, queued: count }),
  calls: z.array(call).max(10_000),
  faults: z.array(fault).max(10_000),
  connections: z.array(z.object({ server: z.string().max(64), client: z.string().max(64) })).max(10_000),
  rows: z.array(row).max(10_000),
});
export type OrdinaryReport = z.infer<typeof reportShape>;
