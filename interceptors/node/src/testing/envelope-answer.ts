import { type Fault, type QName, REPORT_LIMITS } from '@soa-monitor/protocol';
import { actionOf, faultOf, idOf, operationOf } from '../envelope/message-facts.ts';
import type { ReadMessage } from '../envelope/read-message.ts';
import { ADDRESSING, ENCRYPTION, SOAP_11, SOAP_12 } from './documents.ts';
import type { TreeElement } from './envelope-tree.ts';

/** Everything that a message is asked. */
export interface Answer {
  readonly root: 'envelope' | 'other' | 'unknown';
  readonly version: '1.1' | '1.2' | null;
  readonly operation: QName | null;
  readonly isEncrypted: boolean;
  readonly messageId: string | null;
  readonly relatesTo: string | null;
  readonly action: string | null;
  readonly fault: Fault | null;
}

/** By the envelope reader. */
export function answerOf(message: ReadMessage): Answer {
  const { scan, encoding } = message;
  return {
    root: scan.root,
    version: scan.version,
    operation: operationOf(message),
    isEncrypted: scan.isEncrypted,
    messageId: idOf(scan.messageId, encoding),
    relatesTo: idOf(scan.relatesTo, encoding),
    action: scan.action === null ? null : actionOf(scan.action, encoding) || null,
    fault: faultOf(message),
  };
}

/** From a parser's tree, by the letter of SOAP and of what `docs/` says of faults: another way than the reader's. */
export function answerOfTree(root: TreeElement): Answer {
  const none: Answer = {
    root: 'other',
    version: null,
    operation: null,
    isEncrypted: false,
    messageId: null,
    relatesTo: null,
    action: null,
    fault: null,
  };
  if (root.name !== 'Envelope') return none;
  const soap = root.namespace;
  const sections = root.children.filter(({ namespace }) => namespace === soap);
  const body = sections.find(({ name }) => name === 'Body');
  const before = body === undefined ? sections : sections.slice(0, sections.indexOf(body));
  const blocks = before.filter(({ name }) => name === 'Header').flatMap(({ children }) => children);
  const idNamed = (wanted: string): string | null => {
    const ids = blocks.filter(({ namespace, name }) => name === wanted && isAddressing(namespace));
    return ids.map(({ text }) => trimmed(text)).find((text) => text !== '') ?? null;
  };
  const first = body?.children[0] ?? null;
  const isEncrypted = first !== null && first.name === 'EncryptedData' && first.namespace === ENCRYPTION;
  const isFault = first !== null && first.name === 'Fault' && [soap, SOAP_11, SOAP_12].includes(first.namespace);
  return {
    root: 'envelope',
    version: soap === SOAP_11 ? '1.1' : soap === SOAP_12 ? '1.2' : null,
    operation: first === null || isEncrypted ? null : { namespace: first.namespace, name: first.name },
    isEncrypted,
    messageId: idNamed('MessageID'),
    relatesTo: idNamed('RelatesTo'),
    action: idNamed('Action'),
    fault: isFault ? faultOfTree(first, [soap, SOAP_11, SOAP_12, '']) : null,
  };
}

function faultOfTree(fault: TreeElement, own: readonly string[]): Fault {
  const inside = (parent: TreeElement | undefined, ...names: string[]): TreeElement[] =>
    (parent?.children ?? []).filter(
      ({ namespace, name }) => own.includes(namespace) && names.includes(name.toLowerCase()),
    );
  const [code] = inside(fault, 'faultcode', 'code');
  const [value] = code?.name.toLowerCase() === 'faultcode' ? [code] : inside(code, 'value');
  const subcodes: string[] = [];
  for (let [at] = inside(code, 'subcode'); at !== undefined; [at] = inside(at, 'subcode')) {
    const [inner] = inside(at, 'value');
    if (inner === undefined || subcodes.length === REPORT_LIMITS.subcodes) break;
    subcodes.push(trimmed(inner.text));
  }
  const reason = reasonOf(inside(fault, 'faultstring', 'reason'), (parent) => inside(parent, 'text'));
  const [role] = inside(fault, 'faultactor', 'role');
  const [node] = inside(fault, 'node');
  const actor = trimmed((role ?? node)?.text ?? '');
  const [detail] = inside(fault, 'detail').flatMap(({ children }) => children.slice(0, 1));
  return {
    code: trimmed(value?.text ?? ''),
    ...(subcodes[0] ? { subcode: subcodes[0] } : {}),
    ...(subcodes.length > 1 ? { subcodes } : {}),
    ...(reason === '' ? {} : { reason }),
    ...(actor === '' ? {} : { actor }),
    ...(detail === undefined ? {} : { detail: `{${detail.namespace}}${detail.name}` }),
  };
}

function reasonOf(candidates: readonly TreeElement[], textsOf: (parent: TreeElement) => TreeElement[]): string {
  const [first] = candidates;
  if (first === undefined) return '';
  if (first.name.toLowerCase() === 'faultstring') return trimmed(first.text);
  const texts = textsOf(first);
  const english = texts.find(({ language }) => language !== null && /^en(?:-|$)/i.test(language));
  return trimmed((english ?? texts[0])?.text ?? '');
}

const isAddressing = (namespace: string): boolean => ADDRESSING.some((known) => known === namespace);

const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');
