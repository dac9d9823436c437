import type { Call, Fault } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { StoredCall, StoredFault } from './half.ts';

/** What repeats is stored once and pointed at by number: operations, calls (per process node), faults. */
export interface Dictionaries {
  /** `owner` is the id of the reporting server or client: the bound on distinct calls is per owner. */
  call(owner: string, call: Call): StoredCall;
  callOf(number: number): StoredCall;
  fault(fault: Fault): StoredFault;
  faultOf(number: number): StoredFault;
  operationName(number: number): string;
  /** Calls and faults folded into "(other)" because a bound was reached. */
  readonly folded: number;
}

export const OTHER = '(other)';
/** Distinct calls of one server or client, and distinct paths among them; what comes beyond is told as "(other)". */
export const CALLS_PER_OWNER_MAX = 20_000;
export const PATHS_PER_OWNER_MAX = 5_000;
const FAULTS_MAX = 100_000;
const OPERATIONS_MAX = 200_000;
/** Calls of the last reports, known by their objects. */
const NEAR_MAX = 4_096;

export function createDictionaries(
  database: Database,
  bounds = { calls: CALLS_PER_OWNER_MAX, paths: PATHS_PER_OWNER_MAX },
): Dictionaries {
  const calls = createCallTable(database);
  const operations = createOperations(database);
  const faults = createFaults(database);
  const owners = new Map<
    string,
    { readonly byText: Map<string, StoredCall>; readonly paths: Set<string>; readonly addresses: Set<string> }
  >();
  const byNumber = new Map<number, StoredCall>();
  /** Rows of one report share their call objects: a second look costs no JSON. */
  const near = new Map<Call, { readonly owner: string; readonly stored: StoredCall }>();
  let folded = 0;

  const ownerOf = (id: string) => {
    const known = owners.get(id);
    if (known !== undefined) return known;
    const owner = { byText: new Map<string, StoredCall>(), paths: new Set<string>(), addresses: new Set<string>() };
    owners.set(id, owner);
    return owner;
  };
  const keep = (ownerId: string, text: string, stored: StoredCall): StoredCall => {
    const owner = ownerOf(ownerId);
    owner.byText.set(text, stored);
    owner.paths.add(stored.call.path);
    if (stored.call.address !== undefined) owner.addresses.add(stored.call.address);
    byNumber.set(stored.number, stored);
    return stored;
  };
  for (const row of calls.all())
    keep(row.owner, row.text, { number: row.number, call: parseCall(row.text), operation: row.operation });

  const bounded = (ownerId: string, call: Call): Call => {
    const owner = ownerOf(ownerId);
    const fullOfPaths = owner.paths.size >= bounds.paths && !owner.paths.has(call.path);
    const full = owner.byText.size >= bounds.calls && !owner.byText.has(JSON.stringify(call));
    if (!fullOfPaths && !full) return call;
    folded++;
    const crammed = owner.byText.size >= bounds.calls + bounds.paths;
    const path = owner.paths.has(call.path) && !crammed ? call.path : OTHER;
    const address =
      call.address === undefined || (owner.addresses.has(call.address) && !crammed) ? call.address : OTHER;
    return {
      path,
      operation: full ? { namespace: '', name: OTHER } : call.operation,
      ...(address === undefined ? {} : { address }),
    };
  };

  return {
    call(owner, given) {
      const again = near.get(given);
      if (again !== undefined && again.owner === owner) return again.stored;
      const call = bounded(owner, given);
      const text = JSON.stringify(call);
      const known = ownerOf(owner).byText.get(text);
      const stored = known ?? keep(owner, text, addCall(owner, call, text));
      if (near.size >= NEAR_MAX) near.clear();
      near.set(given, { owner, stored });
      return stored;
    },
    callOf(number) {
      const stored = byNumber.get(number);
      if (stored === undefined) throw new Error(`no call ${number}`);
      return stored;
    },
    fault: faults.number,
    faultOf: faults.of,
    operationName: operations.name,
    get folded() {
      return folded + faults.folded();
    },
  };

  function addCall(owner: string, call: Call, text: string): StoredCall {
    const operation = operations.number(call.operation?.name ?? '');
    return { number: calls.add(owner, operation, text), call, operation };
  }
}

function createCallTable(database: Database) {
  const all = database.prepare<[], { number: number; owner: string; operation: number; text: string }>(
    'SELECT number, owner, operation, text FROM call',
  );
  const add = database.prepare<[string, number, string]>('INSERT INTO call (owner, operation, text) VALUES (?, ?, ?)');
  return {
    all: () => all.all(),
    add: (owner: string, operation: number, text: string) => Number(add.run(owner, operation, text).lastInsertRowid),
  };
}

function createOperations(database: Database) {
  const all = database.prepare<[], { number: number; name: string }>('SELECT number, name FROM operation');
  const add = database.prepare<[string]>('INSERT INTO operation (name) VALUES (?)');
  const numbers = new Map(all.all().map((row) => [row.name, row.number]));
  const names = new Map([...numbers].map(([name, number]) => [number, name]));
  const number = (given: string): number => {
    const known = numbers.get(given);
    if (known !== undefined) return known;
    if (numbers.size >= OPERATIONS_MAX && given !== OTHER) return number(OTHER);
    const added = Number(add.run(given).lastInsertRowid);
    numbers.set(given, added);
    names.set(added, given);
    return added;
  };
  return { number, name: (of: number): string => names.get(of) ?? '' };
}

function createFaults(database: Database) {
  const all = database.prepare<[], { number: number; text: string }>('SELECT number, text FROM fault');
  const add = database.prepare<[string]>('INSERT INTO fault (text) VALUES (?)');
  const byText = new Map<string, StoredFault>();
  const byNumber = new Map<number, StoredFault>();
  let folded = 0;
  const keep = (text: string, stored: StoredFault): StoredFault => {
    byText.set(text, stored);
    byNumber.set(stored.number, stored);
    return stored;
  };
  for (const row of all.all()) keep(row.text, { number: row.number, fault: parseFault(row.text) });
  const number = (fault: Fault): StoredFault => {
    const text = JSON.stringify(fault);
    const known = byText.get(text);
    if (known !== undefined) return known;
    // Reasons that name a customer or a time are distinct without end: beyond the bound only the code is kept.
    const codeOnly = Object.keys(fault).length === 1;
    if (byText.size < (codeOnly ? 2 : 1) * FAULTS_MAX || fault.code === OTHER)
      return keep(text, { number: Number(add.run(text).lastInsertRowid), fault });
    folded++;
    return number({ code: codeOnly ? OTHER : fault.code });
  };
  const of = (wanted: number): StoredFault => {
    const stored = byNumber.get(wanted);
    if (stored === undefined) throw new Error(`no fault ${wanted}`);
    return stored;
  };
  return { number, of, folded: () => folded };
}

/** Written by this store from a decoded report: trusted, as everything inside the border. */
export const parseCall = (text: string): Call => JSON.parse(text);
export const parseFault = (text: string): Fault => JSON.parse(text);
