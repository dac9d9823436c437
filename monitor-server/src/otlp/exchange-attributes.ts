import type { Attributes } from '@opentelemetry/api';
import type { ExchangeDetail } from '@soa-monitor/protocol';
import type { Side } from './exchange-spans.ts';

/**
 * What a span says of its exchange. From OpenTelemetry's semantic conventions: `rpc.system`, `rpc.service` and `rpc.method`
 * (RPC spans: the service is the namespace of the operation, for want of a port type on the wire), `server.address`,
 * `server.port`, `http.response.status_code`, `http.request.resend_count`, `url.path` and `error.type`. They know no SOAP:
 * `soap.*` and `soa_monitor.*` are ours. No body, and no header value but the message id.
 */
export function exchangeAttributes(detail: ExchangeDetail, side: Side): Attributes {
  const { exchange, client, server } = detail;
  const half = side === 'client' ? client : server;
  const { call, outcome, status, fault } = exchange;
  const address = addressOf(client?.call.address ?? '');
  const ids = client?.ids ?? server?.ids ?? {};
  return present({
    'rpc.system': 'soap',
    'rpc.service': call.operation?.namespace,
    'rpc.method': call.operation?.name,
    'server.address': address.host,
    'server.port': address.port,
    'url.path': half?.call.path ?? call.path,
    'http.response.status_code': status > 0 ? status : undefined,
    'error.type': errorOf(exchange),
    'soap.version': call.soapVersion,
    'soap.action': call.action,
    'soap.message_id': ids.messageId,
    'soap.fault.code': fault?.code,
    'soap.fault.subcode': fault?.subcode,
    'soap.fault.reason': fault?.reason,
    'soa_monitor.exchange.id': exchange.id,
    'soa_monitor.transaction.id': exchange.transaction,
    'soa_monitor.outcome': outcome ?? 'lost',
    'soa_monitor.source': exchange.sourceName,
    'soa_monitor.target': exchange.targetName,
    'soa_monitor.halves': exchange.halves,
    'soa_monitor.join.evidence': exchange.evidence ?? undefined,
    'soa_monitor.join.confidence': exchange.confidence ?? undefined,
    'soa_monitor.join.ambiguous': exchange.ambiguous ? true : undefined,
    'soa_monitor.request.bytes': half?.requestBytes,
    'soa_monitor.reply.bytes': half?.replyBytes,
    'soa_monitor.attempts': half?.attempts ?? undefined,
  });
  function errorOf({ lost }: ExchangeDetail['exchange']): string | undefined {
    if (lost) return 'lost';
    if (outcome === 'fault') return fault?.code ?? 'fault';
    if (outcome === 'httpError') return String(status);
    return outcome === null || outcome === 'ok' || outcome === 'oneWay' ? undefined : outcome;
  }
}

function addressOf(authority: string): { readonly host: string | undefined; readonly port: number | undefined } {
  const match = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(authority);
  return { host: match?.[1] ?? match?.[2], port: match?.[3] === undefined ? undefined : Number(match[3]) };
}

const present = (given: { readonly [name: string]: string | number | boolean | undefined }): Attributes =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
