import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Accounting } from '@soa-monitor/protocol';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { MIGRATIONS } from '../store/sqlite/migrations.ts';
import { createReporter, MINUTE } from '../store/testing/estate.ts';
import { serverRow, wireReport } from '../testing/reports.ts';
import { readDatabaseCommand } from './read-command.ts';
import { runDatabaseCommand } from './run-command.ts';

/** The command as it ships: processes run from dist, so build first. */
const COMMAND = fileURLToPath(new URL('../../bin/soa-monitor.js', import.meta.url));
const KEY = 'test-ingest-key-0123456789';

let folder: string;
let data: string;
let database: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soa-commands-'));
  data = join(folder, 'data');
  database = join(data, 'monitor.sqlite');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { SOA_MONITOR_KEY: KEY },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.error += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  const ready = new Promise<number>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.includes('"msg":"ready"')) resolve(JSON.parse(line).port);
    });
  });
  return { child, ended, ready };
}

const serve = () => run('serve', '--port', '0', '--data', data);
const post = async (port: number, first: number, count: number) => {
  const rows = Array.from({ length: count }, (_, index) => serverRow(first + index, Date.now() * 1_000));
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${KEY}` },
    body: JSON.stringify(wireReport({ rows })),
  });
  expect(answer.status).toBe(202);
};
const sql = (path: string, statement: string): void => {
  const opened = new SqliteDatabase(path);
  opened.exec(statement);
  opened.close();
};
const readOne = (path: string, select: string): unknown => {
  const opened = new SqliteDatabase(path, { readonly: true });
  try {
    return opened.prepare(select).pluck().get();
  } finally {
    opened.close();
  }
};
/** A store with so many rows, counted, that nobody serves any more. */
async function stored(rows: number): Promise<void> {
  mkdirSync(data, { recursive: true });
  const store = await openStore({ path: database });
  const bank = createReporter({ name: 'bank', port: 4611 });
  const now = Date.now() * 1_000;
  const told = Array.from({ length: rows }, (_, index) => bank.served({ start: now + index }));
  await store.append(bank.report(told, { sentAt: now }), bank.receipt(now));
  await store.settle(now + MINUTE, 1, 10 * MINUTE);
  await store.close();
}

/** The same without a process: what it says, and its exit code. */
async function runHere(...args: string[]) {
  const said = { out: '', error: '' };
  const command = readDatabaseCommand(args, {}, (path) => readFileSync(path, 'utf8'));
  if (command === null) throw new Error(`no such command: ${args}`);
  const voice = {
    out: (text: string) => {
      said.out += text;
    },
    error: (text: string) => {
      said.error += text;
    },
  };
  const code = await runDatabaseCommand(command, voice, new AbortController().signal);
  return { code, ...said };
}

const copy = (): string => join(folder, 'copy.sqlite');
const all = () => [['migrate'], ['check'], ['rebuild'], ['backup', '--to', copy()]];

describe('every command', () => {
  test('refuses a database of a newer version with one line, and leaves it alone', async () => {
    mkdirSync(data);
    sql(database, 'CREATE TABLE later (x); PRAGMA user_version = 999');
    await Promise.all(
      all().map(async (args) => {
        const { code, out, error } = await run(...args, '--data', data).ended;
        expect([args, code, out]).toEqual([args, args[0] === 'check' ? 2 : 1, '']);
        expect(error).toMatch(
          /^soa-monitor: The database \S+ is of version 999; this program knows versions up to \d+\. [^\n]+\n$/,
        );
      }),
    );
    expect(readOne(database, 'PRAGMA user_version')).toBe(999);
    expect(existsSync(copy())).toBe(false);
  });

  test('says that there is no database, and makes none', async () => {
    for (const args of all()) {
      const { code, error } = await runHere(...args, '--data', data);
      expect([args, code]).toEqual([args, args[0] === 'check' ? 2 : 1]);
      expect(error).toBe(`soa-monitor: There is no database ${database}: is the data folder the right one?\n`);
    }
    expect(existsSync(data)).toBe(false);
  });

  test('has a help text', async () => {
    for (const args of all()) {
      const { code, out } = await runHere(...args, '--help');
      expect([code, out]).toEqual([0, expect.stringContaining(`Usage: soa-monitor ${args[0]} `)]);
    }
  });

  test('refuses a bad option with one line and 2', async () => {
    for (const args of [['check', '--dta', 'x'], ['backup'], ['migrate', 'now'], ['rebuild', '--to', 'x']]) {
      const { code, error } = await runHere(...args);
      expect([args, code, error]).toEqual([args, 2, expect.stringMatching(/^soa-monitor: [^\n]+\n$/)]);
    }
  });

  test('finds the data folder in the config file', async () => {
    await stored(1);
    const config = join(folder, 'c.json');
    writeFileSync(config, JSON.stringify({ data, port: 0 }));
    expect(await runHere('check', '--config', config)).toMatchObject({ code: 0, error: '' });
  });

  test('leaves the word serve to the server, wherever its options stand', () => {
    for (const args of [['serve', '--data', 'check'], ['--port', '1', 'serve'], ['dance'], []])
      expect(readDatabaseCommand(args, {}, String)).toBeNull();
  });
});

describe('soa-monitor migrate', () => {
  test('says from which version to which, and that nothing was to do', async () => {
    await stored(1);
    const version = Number(readOne(database, 'PRAGMA user_version'));
    expect(await runHere('migrate', '--data', data)).toMatchObject({
      code: 0,
      out: `${database} is of version ${version} already\n`,
    });
    // As an earlier release made it.
    rmSync(data, { recursive: true });
    mkdirSync(data);
    const earlier = MIGRATIONS.slice(0, 4).filter((migration) => typeof migration === 'string');
    sql(database, `${earlier.join(';')}; PRAGMA journal_mode = wal; PRAGMA user_version = ${earlier.length}`);
    for (const args of [['check'], ['rebuild'], ['backup', '--to', copy()]]) {
      const { code, error } = await runHere(...args, '--data', data);
      expect([args, code, error]).toEqual([
        args,
        args[0] === 'check' ? 2 : 1,
        expect.stringContaining('run soa-monitor migrate first'),
      ]);
    }
    expect(await runHere('migrate', '--data', data)).toMatchObject({
      code: 0,
      out: `${database} went from version 4 to ${version}\n`,
    });
    expect(await runHere('check', '--data', data)).toMatchObject({ code: 0 });
  });

  test('refuses while a monitor runs on the folder', async () => {
    await serve().ready;
    for (const name of ['migrate', 'rebuild']) {
      expect(await run(name, '--data', data).ended).toMatchObject({
        code: 1,
        error: expect.stringMatching(/^soa-monitor: [^\n]+ in use by another monitor server\n$/),
      });
    }
  });
});

describe('soa-monitor backup', () => {
  test('makes a whole copy while a monitor takes reports, from which another monitor goes on', async () => {
    const server = serve();
    const port = await server.ready;
    await post(port, 0, 300);
    let next = 300;
    let isDone = false;
    const load = (async () => {
      for (; !isDone; next += 50) await post(port, next, 50);
    })();
    const backup = await run('backup', '--data', data, '--to', 'copy.sqlite').ended;
    isDone = true;
    await load;
    expect(backup).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^copy\.sqlite is whole and on disk: [\d.]+ MiB\n$/),
    });
    expect(statSync(join(folder, 'copy.sqlite')).mode & 0o077).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['copy.sqlite', 'data']);
    server.child.kill('SIGTERM');
    await server.ended;

    const restored = join(folder, 'restored');
    mkdirSync(restored);
    copyFileSync(join(folder, 'copy.sqlite'), join(restored, 'monitor.sqlite'));
    expect(await run('check', '--data', restored).ended).toMatchObject({ code: 0 });
    const again = run('serve', '--port', '0', '--data', restored);
    const answer = await fetch(`http://127.0.0.1:${await again.ready}/api/v1/accounting`);
    const { stored: rows }: Accounting = JSON.parse(await answer.text());
    expect(rows).toBeGreaterThanOrEqual(300);
    expect(rows).toBeLessThanOrEqual(next);
  });

  test('replaces no file unless it is told to', async () => {
    await stored(1);
    writeFileSync(join(folder, 'copy.sqlite'), 'precious');
    expect(await runHere('backup', '--data', data, '--to', copy())).toMatchObject({
      code: 1,
      error: expect.stringContaining('copy.sqlite is there already'),
    });
    expect(statSync(join(folder, 'copy.sqlite')).size).toBe(8);
    expect(await runHere('backup', '--data', data, '--to', copy(), '--force')).toMatchObject({ code: 0 });
    expect(readOne(join(folder, 'copy.sqlite'), 'SELECT sum(observations) FROM partition')).toBe(1);
  });

  test('leaves nothing behind where it cannot write', async () => {
    await stored(1);
    expect(await runHere('backup', '--data', data, '--to', join(folder, 'none', 'copy.sqlite'))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^soa-monitor: [^\n]+none is no folder: make it first\n$/),
    });
    expect(readdirSync(folder)).toEqual(['data']);
  });

  test('is stopped by a signal, and leaves no half file', async () => {
    await stored(1);
    // Large enough to take a while.
    sql(
      database,
      `CREATE TABLE filling (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
      INSERT INTO filling SELECT randomblob(4000) FROM n`,
    );
    const backup = run('backup', '--data', data, '--to', 'copy.sqlite');
    while (!readdirSync(folder).some((name) => name.includes('.partial-'))) await new Promise(setImmediate);
    backup.child.kill('SIGTERM');
    expect(await backup.ended).toMatchObject({ code: 1, error: expect.stringContaining('the backup was stopped\n') });
    expect(readdirSync(folder)).toEqual(['data']);
  });
});

describe('soa-monitor check and rebuild', () => {
  test('find figures that the facts do not say, and set them right', async () => {
    await stored(20);
    expect(await runHere('check', '--data', data)).toMatchObject({ code: 0, out: expect.stringContaining(' is well') });
    const before = readOne(database, 'SELECT sum(count) FROM rollup_minute');
    sql(
      database,
      `UPDATE rollup_minute SET count = count + 1;
      INSERT INTO rollup_minute SELECT minute - 100000, link, operation, 1, 0, 0, 1, 1, histogram FROM rollup_minute LIMIT 1`,
    );
    const found = await runHere('check', '--data', data);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/^The rollup of \d{4}-\d\d-\d\dT\d\d:\d\dZ, link \d+, operation \d+ says /m);
    expect(found.out).toContain('but the facts know of none');
    for (const mended of [/[2-9] of them/, /0 of them/]) {
      expect(await runHere('rebuild', '--data', data)).toMatchObject({ code: 0, out: expect.stringMatching(mended) });
      expect(await runHere('check', '--data', data)).toMatchObject({ code: 0 });
    }
    expect(readOne(database, 'SELECT sum(count) FROM rollup_minute')).toBe(before);
  });

  test('leave alone what is derived of facts that have expired', async () => {
    await stored(5);
    sql(
      database,
      `UPDATE process SET stored = stored + 3, expired = 3;
      UPDATE acknowledged SET last = last + 3;
      UPDATE meta SET value = 120000000 WHERE name = 'facts_from';
      INSERT INTO meta VALUES ('rollups_since', 3600000000);
      INSERT INTO band_minute VALUES (65536, x'0101070000010100')`,
    );
    expect(await runHere('rebuild', '--data', data)).toMatchObject({ code: 0 });
    expect(await runHere('check', '--data', data)).toMatchObject({ code: 0 });
    // The band of minute 1: of link 1 and operation 1, seven.
    expect(readOne(database, 'SELECT hex(cells) FROM band_minute WHERE key = 65536')).toBe('0101070000010100');
  });

  test('say in sentences what was acknowledged and is gone, and what lies damaged', async () => {
    await stored(20);
    sql(database, 'DELETE FROM observation_1 WHERE seq = (SELECT min(seq) FROM observation_1)');
    // As a process, for its exit code.
    const { code, out } = await run('check', '--data', data).ended;
    expect(code).toBe(1);
    expect(out).toMatch(/^Of reporter \S+, 20 rows were acknowledged and 0 expired, but 19 are found\.$/m);
    expect(out).toMatch(/^Stretch 1 tells \d+ observations, but \d+ are found\.$/m);
  });
});
