import type { ExchangeDetail } from '@soa-monitor/protocol';
import type { ReactNode } from 'react';
import { formatBytes } from '../format/numbers.ts';
import { attachmentWords } from './body-words.ts';
import { clockWords, joinWords, operationSourceWords } from './exchange-words.ts';

/** The facts of an exchange that have a name. What is not known is left out. */
export function ExchangeFacts({ detail }: { readonly detail: ExchangeDetail }) {
  const { exchange, client, server } = detail;
  const { call } = exchange;
  const ids = client?.ids ?? server?.ids ?? null;
  const connection = server?.connection ?? client?.connection ?? null;
  const ordinal = server?.ordinal ?? client?.ordinal ?? null;
  return (
    <section>
      <h3>Facts</h3>
      <dl className="facts">
        <Fact word="Operation" value={operationSourceWords(call)} />
        <Fact word="Namespace" value={call.operation?.namespace} mono />
        <Fact word="Action" value={call.action} mono />
        <Fact word="Path" value={call.path} mono />
        <Fact word="Address called" value={call.address} mono />
        <Fact word="SOAP" value={[call.soapVersion, call.mediaType].filter(Boolean).join(', ')} />
        <Fact word="HTTP status" value={exchange.status > 0 ? String(exchange.status) : undefined} />
        <Fact
          word="Size"
          value={`${formatBytes(exchange.requestBytes)} there, ${formatBytes(exchange.replyBytes)} back`}
        />
        <Fact
          word="Sent with it"
          value={attachmentWords(client?.requestAttachments ?? server?.requestAttachments ?? null)}
        />
        <Fact word="Came back" value={attachmentWords(client?.replyAttachments ?? server?.replyAttachments ?? null)} />
        <Fact word="Connection" value={connection === null ? undefined : connectionWords(connection, ordinal)} mono />
        <Fact word="Message id" value={ids?.messageId} mono />
        <Fact word="Relates to" value={ids?.relatesTo} mono />
        <Fact word="Trace" value={ids?.traceparent} mono />
        <Fact word="Seen by" value={SEEN[exchange.halves]} />
        <Fact word="Joined by" value={joinWords(exchange)} />
        <Fact word="Body hash" value={hashWords(detail)} />
        <Fact word="Clocks" value={clockWords(detail)} />
      </dl>
    </section>
  );
}

interface FactProps {
  readonly word: string;
  readonly value: ReactNode;
  readonly mono?: boolean;
}

function Fact({ word, value, mono = false }: FactProps) {
  if (value === undefined || value === null || value === '') return null;
  return (
    <>
      <dt>{word}</dt>
      <dd className={mono ? 'name' : ''}>{value}</dd>
    </>
  );
}

const connectionWords = (connection: string, ordinal: number | null): string =>
  ordinal === null ? connection : `${connection}, request ${ordinal + 1}`;

const SEEN = { both: 'caller and service', client: 'the caller only', server: 'the service only' };

function hashWords({ client, server }: ExchangeDetail): string | undefined {
  const by = [...(client?.hasBodyHash ? ['the caller'] : []), ...(server?.hasBodyHash ? ['the service'] : [])];
  return by.length === 0 ? undefined : `of the request, reported by ${by.join(' and ')}`;
}
