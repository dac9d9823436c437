import { type Fault, type QName, REPORT_LIMITS } from '@soa-monitor/protocol';
import { type Encoding, readSlice } from './decode-text.ts';
import type { ReadMessage } from './read-message.ts';
import { attributeText, elementText } from './references.ts';

/** What a scan's slices say: decoded, references expanded, cut to what a report takes, and copies. */

export function operationOf({ scan, encoding }: ReadMessage): QName | null {
  if (scan.operation === null) return null;
  const { namespace, name } = scan.operation;
  return {
    namespace: namespaceText(namespace, encoding).slice(0, REPORT_LIMITS.namespace),
    name: readSlice(name, encoding).slice(0, REPORT_LIMITS.operationName),
  };
}

/** Null for none, and for an empty one. */
export const idOf = (raw: string | null, encoding: Encoding): string | null =>
  raw === null ? null : elementText(readSlice(raw, encoding)).slice(0, REPORT_LIMITS.messageId) || null;

export const actionOf = (raw: string, encoding: Encoding): string => elementText(readSlice(raw, encoding));

export function faultOf({ scan, encoding }: ReadMessage): Fault | null {
  if (scan.fault === null) return null;
  const read = (raw: string | null): string =>
    raw === null ? '' : elementText(readSlice(raw, encoding)).slice(0, REPORT_LIMITS.faultText);
  const { detail } = scan.fault;
  const subcodes = scan.fault.subcodes.map(read);
  const reason = read(scan.fault.reason);
  const actor = read(scan.fault.actor);
  return {
    code: read(scan.fault.code),
    ...(subcodes[0] ? { subcode: subcodes[0] } : {}),
    ...(subcodes.length > 1 ? { subcodes } : {}),
    ...(reason === '' ? {} : { reason }),
    ...(actor === '' ? {} : { actor }),
    ...(detail === null ? {} : { detail: detailText(detail, encoding).slice(0, REPORT_LIMITS.faultText) }),
  };
}

const namespaceText = (raw: string, encoding: Encoding): string => attributeText(readSlice(raw, encoding));

const detailText = ({ namespace, name }: QName, encoding: Encoding): string =>
  `{${namespaceText(namespace, encoding)}}${readSlice(name, encoding)}`;
