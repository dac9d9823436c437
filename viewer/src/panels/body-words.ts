import type { Attachments, CapturedBody, ExchangeDetail } from '@soa-monitor/protocol';
import { formatBytes, formatCount, formatPlural } from '../format/numbers.ts';

/** A captured message as it is shown once, whoever captured it. */
export interface ShownBody {
  readonly message: 'Request' | 'Reply';
  readonly by: string;
  readonly body: CapturedBody;
}

/** What was captured of an exchange. Both sides may have captured the same: then it is shown once. */
export function shownBodies({ client, server }: Pick<ExchangeDetail, 'client' | 'server'>): readonly ShownBody[] {
  return [
    ...shownOf('Request', client?.requestBody ?? null, server?.requestBody ?? null),
    ...shownOf('Reply', client?.replyBody ?? null, server?.replyBody ?? null),
  ];
}

function shownOf(
  message: ShownBody['message'],
  client: CapturedBody | null,
  server: CapturedBody | null,
): readonly ShownBody[] {
  if (client !== null && server !== null && JSON.stringify(client) === JSON.stringify(server))
    return [{ message, by: 'captured by caller and service alike', body: client }];
  return [
    ...(client === null ? [] : [{ message, by: 'captured by the caller', body: client }]),
    ...(server === null ? [] : [{ message, by: 'captured by the service', body: server }]),
  ];
}

/** What was done to a body before it left its service. */
export function bodyWords({ text, bytes, truncated, redacted, rules, withheld }: CapturedBody): string {
  if (withheld !== undefined)
    return `Withheld, because ${withheld}: what cannot be read cannot be redacted. It was ${formatBytes(bytes)} on the wire.`;
  const removed = `${redacted === 0 ? 'no value' : formatPlural(redacted, 'value', 'values')} removed by rules ${rules}`;
  const cut = truncated ? `cut after ${formatCount(text.length)} characters` : 'whole';
  return `${formatBytes(bytes)} on the wire; ${removed}; ${cut}.`;
}

/** "2 attachments: image/png 20 kB, application/pdf 1.2 MB". Null: none. */
export function attachmentWords(attachments: Attachments | null): string | null {
  if (attachments === null || attachments.count === 0) return null;
  const { count, parts } = attachments;
  const named = parts.map(({ mediaType, bytes }) => `${mediaType || 'of unknown type'} ${formatBytes(bytes)}`);
  const unnamed = count - parts.length;
  const list = [...named, ...(unnamed > 0 ? [`${formatCount(unnamed)} more`] : [])].join(', ');
  return `${formatPlural(count, 'attachment', 'attachments')}: ${list}`;
}

/** What the redaction puts in the place of a value. */
export const REDACTED = '[redacted]';

/** The text in pieces: every second one is a mark of a removed value. */
export const splitRedacted = (text: string): readonly string[] => text.split(/(\[redacted\])/);
