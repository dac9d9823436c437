import { SERVICE_PORT, type Service } from './estate.ts';
import type { Half } from './halves.ts';

/** A report as text, cut where the time of its sending goes: whole epoch µs, always SENT_AT_DIGITS of them. */
export interface ReportText {
  readonly service: number;
  readonly rows: number;
  readonly beforeSentAt: string;
  readonly afterSentAt: string;
}

export const SENT_AT_DIGITS = 16;

/** One process of the estate that reports: gathers rows with the dictionaries that they point into (protocol/PROTOCOL.md). */
export interface Reporter {
  add(half: Half): void;
  readonly waiting: number;
  /** All that waits as one report, or null. */
  take(): ReportText | null;
}

export function createReporter(service: Service, run: string): Reporter {
  const calls = createDictionary();
  const faults = createDictionary();
  const connections = createDictionary();
  let rows: string[] = [];
  let rowSeq = 0;

  const callText = ({ pair, role }: Half, target: string): string => {
    const address = role === 1 ? `"address":"${target}",` : '';
    const operation = `"operation":{"namespace":"urn:bench:${pair.link.target}","name":"${pair.operation}"}`;
    const action = `"action":"urn:bench:${pair.link.target}#${pair.operation}","actionSource":"soapAction"`;
    const path = `/service-${pair.link.target}`;
    return `{${address}"path":"${path}",${operation},${action},"soapVersion":"1.1","mediaType":"text/xml"}`;
  };

  return {
    add(half) {
      const { role, pair, outcome, status, connection, messageId } = half;
      const isFault = status !== 200;
      const call = calls.indexOf(pair.number * 2 + role, () => callText(half, connection.server));
      const fault = isFault ? faults.indexOf(pair.link.target, () => faultText(pair.link.target)) : 'null';
      const line = connections.indexOf(
        connection.number,
        () => `{"server":"${connection.server}","client":"${connection.client}"}`,
      );
      const ids = messageId === null ? 'null' : `{"messageId":"${messageId}"}`;
      rows.push(
        `[${rowSeq++},${half.exchangeNo},0,${call},${role},${half.parentNo},${half.start},${half.requestLast},${half.replyFirst},${half.replyLast},${half.end},${pair.requestBytes},${pair.replyBytes},${outcome},${status},${fault},${line},${half.ordinal},${ids}]`,
      );
    },
    get waiting() {
      return rows.length;
    },
    take() {
      if (rows.length === 0) return null;
      const listeners = service.isCaller ? '' : `{"address":"${service.address}","port":${SERVICE_PORT},"tls":false}`;
      const counters = `{"observed":${rowSeq},"acknowledged":${rowSeq - rows.length},"refused":0,"inTransit":${rows.length},"queued":0,"dropped":{},"noise":0,"pings":0,"failures":0}`;
      const lists = `"calls":${calls.text()},"faults":${faults.text()},"connections":${connections.text()},"rows":[${rows.join(',')}]`;
      const text: ReportText = {
        service: service.number,
        rows: rows.length,
        beforeSentAt: `{"version":1,"reporter":"${run}-reporter-${service.number}","name":"${service.name}","machine":"${service.machine}","hostId":"host-${service.number}","pid":${1_000 + service.number},"stack":"bench","listeners":[${listeners}],"sentAt":`,
        afterSentAt: `,"counters":${counters},${lists}}`,
      };
      rows = [];
      for (const dictionary of [calls, faults, connections]) dictionary.clear();
      return text;
    },
  };
}

const faultText = (target: number): string =>
  `{"code":"soap:Server","reason":"service ${target} could not do it","detail":"{urn:bench:${target}}Unavailable"}`;

/** Entries of one report, by a number that is the same for the same entry. */
function createDictionary() {
  const indexes = new Map<number, number>();
  let texts: string[] = [];
  return {
    indexOf(key: number, textOf: () => string): number {
      const known = indexes.get(key);
      if (known !== undefined) return known;
      indexes.set(key, texts.length);
      return texts.push(textOf()) - 1;
    },
    text: (): string => `[${texts.join(',')}]`,
    clear(): void {
      indexes.clear();
      texts = [];
    },
  };
}
