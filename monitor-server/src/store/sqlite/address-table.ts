import type { Connection } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';

/**
 * Connections as numbers: most are an address that is known already, called from a host that is known already, from some
 * port. What does not fit is kept as the text of both ends: an address has no blank in it.
 */
export interface Addresses {
  codeOf(connection: Connection): number | string;
  connectionOf(code: number | string): Connection;
}

/** Numbers of seventeen bits: two of them and a port are a whole number that is safe. */
const ADDRESSES_MAX = 100_000;
const HOST_STEP = 2 ** 16;
const SERVER_STEP = 2 ** 33;
const PORT = /^[1-9]\d{0,4}$/;

/** Of the writing connection: all addresses are in memory. */
export function createAddresses(database: Database): Addresses {
  const add = database.prepare<[string]>('INSERT INTO address (text) VALUES (?)');
  const all = database.prepare<[], { number: number; text: string }>('SELECT number, text FROM address').all();
  const numbers = new Map(all.map(({ number, text }) => [text, number]));
  const texts = new Map(all.map(({ number, text }) => [number, text]));
  const numberOf = (text: string): number | null => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    if (numbers.size >= ADDRESSES_MAX) return null;
    const number = Number(add.run(text).lastInsertRowid);
    numbers.set(text, number);
    texts.set(number, text);
    return number;
  };
  const encode = (connection: Connection): number | string => {
    const { server, client } = connection;
    const colon = client.lastIndexOf(':');
    const port = client.slice(colon + 1);
    if (colon < 0 || !PORT.test(port) || Number(port) >= HOST_STEP) return `${server} ${client}`;
    const [serverNumber, hostNumber] = [numberOf(server), numberOf(client.slice(0, colon))];
    if (serverNumber === null || hostNumber === null) return `${server} ${client}`;
    return serverNumber * SERVER_STEP + hostNumber * HOST_STEP + Number(port);
  };
  return {
    codeOf: encode,
    connectionOf: (code) => decode(code, (number) => texts.get(number)),
  };
}

/** Of a reading connection. */
export function createAddressReader(database: Database): Pick<Addresses, 'connectionOf'> {
  const select = database.prepare<[number], { text: string }>('SELECT text FROM address WHERE number = ?');
  return { connectionOf: (code) => decode(code, (number) => select.get(number)?.text) };
}

function decode(code: number | string, textOf: (number: number) => string | undefined): Connection {
  if (typeof code === 'string') {
    const blank = code.indexOf(' ');
    return { server: code.slice(0, blank), client: code.slice(blank + 1) };
  }
  const server = textOf(Math.floor(code / SERVER_STEP));
  const host = textOf(Math.floor((code % SERVER_STEP) / HOST_STEP));
  if (server === undefined || host === undefined) throw new Error(`no address of connection ${code}`);
  return { server, client: `${host}:${code % HOST_STEP}` };
}
