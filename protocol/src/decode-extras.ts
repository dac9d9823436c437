import { type Fields, isCount, isRecord, isText, optionalTexts, own } from './fields.ts';
import { type Attachments, type CapturedBody, type Extras, REPORT_LIMITS } from './report.ts';

/** The last column of a row, or the reason why the row is refused. Unknown properties are ignored. */
export function decodeExtras(value: unknown): Extras | null | string {
  if (value === null) return null;
  if (!isRecord(value)) return 'its extras are no object';
  const attempts = own(value, 'attempts');
  const attemptOf = own(value, 'attemptOf');
  const bodyHash = own(value, 'bodyHash');
  if (attempts !== undefined && !isCount(attempts)) return 'its attempts are no count';
  if (attemptOf !== undefined && !isCount(attemptOf)) return 'its attemptOf is no count';
  if (bodyHash !== undefined && !isText(bodyHash, 64)) return 'its bodyHash is no text of at most 64';
  const requestAttachments = optional(value, 'requestAttachments', decodeAttachments);
  if (typeof requestAttachments === 'string') return requestAttachments;
  const replyAttachments = optional(value, 'replyAttachments', decodeAttachments);
  if (typeof replyAttachments === 'string') return replyAttachments;
  const requestBody = optional(value, 'requestBody', decodeBody);
  if (typeof requestBody === 'string') return requestBody;
  const replyBody = optional(value, 'replyBody', decodeBody);
  if (typeof replyBody === 'string') return replyBody;
  return {
    ...(attempts === undefined ? {} : { attempts }),
    ...(attemptOf === undefined ? {} : { attemptOf }),
    ...(bodyHash === undefined ? {} : { bodyHash }),
    ...(requestAttachments === undefined ? {} : { requestAttachments }),
    ...(replyAttachments === undefined ? {} : { replyAttachments }),
    ...(requestBody === undefined ? {} : { requestBody }),
    ...(replyBody === undefined ? {} : { replyBody }),
  };
}

function optional<Value>(
  fields: Fields,
  name: string,
  decode: (fields: Fields) => Value | null,
): Value | undefined | string {
  const value = own(fields, name);
  if (value === undefined) return undefined;
  const decoded = isRecord(value) ? decode(value) : null;
  return decoded ?? `its ${name} are out of shape or bounds`;
}

function decodeAttachments(fields: Fields): Attachments | null {
  const count = own(fields, 'count');
  const parts = own(fields, 'parts');
  if (!isCount(count) || !Array.isArray(parts) || parts.length > REPORT_LIMITS.attachments) return null;
  const decoded: { mediaType: string; bytes: number }[] = [];
  for (const part of parts) {
    const mediaType = isRecord(part) ? own(part, 'mediaType') : undefined;
    const bytes = isRecord(part) ? own(part, 'bytes') : undefined;
    if (!isText(mediaType, 128) || !isCount(bytes)) return null;
    decoded.push({ mediaType, bytes });
  }
  return { count, parts: decoded };
}

function decodeBody(fields: Fields): CapturedBody | null {
  const text = own(fields, 'text');
  const bytes = own(fields, 'bytes');
  const truncated = own(fields, 'truncated');
  const redacted = own(fields, 'redacted');
  const rules = own(fields, 'rules');
  if (!isText(text, REPORT_LIMITS.bodyText) || !isCount(bytes) || typeof truncated !== 'boolean') return null;
  if (!isCount(redacted) || !isText(rules, 64)) return null;
  const withheld = optionalTexts(fields, { withheld: 128 });
  return typeof withheld === 'string' ? null : { text, bytes, truncated, redacted, rules, ...withheld };
}
