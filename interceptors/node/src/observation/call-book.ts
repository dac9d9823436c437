import { type Call, REPORT_LIMITS } from '@soa-monitor/protocol';
import { readSlice } from '../envelope/decode-text.ts';
import type { ReadMessage } from '../envelope/read-message.ts';
import type { Target } from './exchange.ts';

/** One object for each distinct call, so that rows share it and a report can say it once. */
export interface CallBook {
  callOf(target: Target, request: ReadMessage | null): Call;
}

/** Distinct calls remembered; at the bound the book is begun anew (rows keep their calls, reports stay right). */
const CALLS_MAX = 5_000;

export function createCallBook(): CallBook {
  const calls = new Map<string, Call>();
  return {
    callOf: (target, request) => {
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
      ].join('\n');
      const known = calls.get(key);
      if (known !== undefined) return known;
      const call = createCall(target, request, action, actionSource);
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
  action: string | null,
  source: Action['actionSource'],
) {
  const encoding = request?.encoding ?? 'utf8';
  const operation = request?.scan.operation ?? null;
  const version = request?.scan.version ?? null;
  const { mediaType } = target.contentType;
  const call: Call = {
    path: target.path.slice(0, REPORT_LIMITS.path),
    operation:
      operation === null
        ? null
        : {
            namespace: readSlice(operation.namespace, encoding).slice(0, REPORT_LIMITS.namespace),
            name: readSlice(operation.name, encoding).slice(0, REPORT_LIMITS.operationName),
          },
    ...(target.address === null ? {} : { address: target.address.slice(0, REPORT_LIMITS.address) }),
    ...(action === null || source === null
      ? {}
      : {
          action: (source === 'wsa' ? readSlice(action, encoding) : action).slice(0, REPORT_LIMITS.action),
          actionSource: source,
        }),
    ...(version === null ? {} : { soapVersion: version }),
    ...(mediaType === '' ? {} : { mediaType: mediaType.slice(0, 128) }),
  };
  return call;
}
