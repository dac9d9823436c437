import { type Call, type QName, REPORT_LIMITS } from '@soa-monitor/protocol';
import { actionOf as actionText, operationOf } from '../envelope/message-facts.ts';
import type { ReadMessage } from '../envelope/read-message.ts';
import type { Target } from './exchange.ts';

/** One object for each distinct call, so that rows share it and a report can say it once. */
export interface CallBook {
  /** `isFinal`: no more of the request will be known, so where its Body does not name the operation the action does. */
  callOf(target: Target, request: ReadMessage | null, isFinal: boolean): Call;
}

/** Distinct calls remembered; at the bound the book is begun anew (rows keep their calls, reports stay right). */
const CALLS_MAX = 5_000;

/** An action that is longer is cut before its segments are looked for. */
const ACTION_MAX = 4_096;

export function createCallBook(): CallBook {
  const calls = new Map<string, Call>();
  return {
    callOf: (target, request, isFinal) => {
      const { contentType } = target;
      const operation = request?.scan.operation;
      const { action, actionSource } = actionOf(target, request);
      // Slices of the message stay out of the map: joining them makes a string of its own.
      const key = [
        target.address ?? '',
        target.path,
        operation?.namespace ?? '',
        operation?.name ?? '',
        action ?? '',
        actionSource ?? '',
        request?.scan.version ?? '',
        contentType.mediaType,
        request?.encoding ?? '',
        request?.scan.isEncrypted ? 'encrypted' : isFinal ? '' : 'open',
      ].join('\n');
      const known = calls.get(key);
      if (known !== undefined) return known;
      const call = createCall(target, request, action, actionSource, isFinal);
      if (calls.size >= CALLS_MAX) calls.clear();
      calls.set(key, call);
      return call;
    },
  };
}

type Action = { readonly action: string | null; readonly actionSource: NonNullable<Call['actionSource']> | null };

/** SOAPAction, else the action parameter, else wsa:Action. An empty one ("") says nothing. */
function actionOf(target: Target, request: ReadMessage | null): Action {
  if (target.soapAction !== null && target.soapAction !== '')
    return { action: target.soapAction, actionSource: 'soapAction' };
  const parameter = target.contentType.action;
  if (parameter !== null && parameter !== '') return { action: parameter, actionSource: 'parameter' };
  const addressing = request?.scan.action ?? null;
  return { action: addressing, actionSource: addressing === null ? null : 'wsa' };
}

function createCall(
  target: Target,
  request: ReadMessage | null,
  written: string | null,
  actionSource: Action['actionSource'],
  isFinal: boolean,
): Call {
  const version = request?.scan.version ?? null;
  const { mediaType } = target.contentType;
  const isRaw = written !== null && actionSource === 'wsa' && request !== null;
  const action = isRaw ? actionText(written, request.encoding) : written;
  const inBody = request === null ? null : operationOf(request);
  const named = inBody === null && isFinal && request?.scan.root !== 'other' ? operationBy(action) : null;
  const call: Call = {
    path: target.path.slice(0, REPORT_LIMITS.path),
    operation: inBody ?? named,
    ...(named === null || actionSource === null ? {} : { operationSource: actionSource }),
    ...(request?.scan.isEncrypted ? { encrypted: true } : {}),
    ...(target.address === null ? {} : { address: target.address.slice(0, REPORT_LIMITS.address) }),
    ...(action === null || actionSource === null
      ? {}
      : { action: action.slice(0, REPORT_LIMITS.action), actionSource }),
    ...(version === null ? {} : { soapVersion: version }),
    ...(mediaType === '' ? {} : { mediaType: mediaType.slice(0, 128) }),
  };
  return call;
}

/** The last segment of an action is the operation, what stands before it the namespace. */
function operationBy(action: string | null): QName | null {
  const segments = action === null ? null : /^(?:(.*)[/#:])?([^/#:]+)[/#:]*$/s.exec(action.slice(0, ACTION_MAX));
  if (segments === null) return null;
  const [, namespace = '', name = ''] = segments;
  return { namespace: namespace.slice(0, REPORT_LIMITS.namespace), name: name.slice(0, REPORT_LIMITS.operationName) };
}
