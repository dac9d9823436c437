import { describe, expect, test } from 'vitest';
import { makeCertificates } from '../testing/certificates.ts';
import { readCommandLine } from './command-line.ts';

const noFile = (path: string): Buffer => {
  throw new Error(`ENOENT: no such file, open '${path}'`);
};
const read = (line: string, config?: unknown, environment: { [name: string]: string } = {}) =>
  readCommandLine(line === '' ? [] : line.split(' '), environment, (path) =>
    config === undefined ? noFile(path) : Buffer.from(typeof config === 'string' ? config : JSON.stringify(config)),
  );
const settings = (...given: Parameters<typeof read>) => {
  const command = read(...given);
  if (command.kind !== 'run') throw new Error(command.kind === 'invalid' ? command.reason : command.kind);
  return command.settings;
};
const LINE = '--listen 8080 --target http://Legacy:9000 --monitor http://m:4600';

test('the plain command line is one route, with the defaults', () => {
  const { monitor, services, drainMillis } = settings(`${LINE} --name legacy --machine rack-1`);
  expect([monitor, services.length, drainMillis]).toEqual(['http://m:4600', 1, 30_000]);
  expect(services[0]).toMatchObject({ name: 'legacy', machine: 'rack-1', advertise: undefined });
  expect(services[0]?.routes).toMatchObject([
    {
      side: 'service',
      listen: { host: '', port: 8080 },
      tls: null,
      target: { hostname: 'legacy', port: 9000, isTls: false, address: 'legacy:9000', isInsecure: false },
      host: null,
      rewritesWsdl: false,
      probePath: null,
      probeMillis: 5_000,
      connectMillisMax: 10_000,
      replyMillisMax: 0,
      idleMillisMax: 0,
      connectionsMax: 10_000,
    },
  ]);
});

test('a service without a name is called like its host, unless the environment names it', () => {
  expect(settings(LINE).services[0]?.name).toBe('legacy');
  expect(settings(LINE, undefined, { SOA_MONITOR_NAME: 'x' }).services[0]?.name).toBeUndefined();
});

test('ways out belong to the service, go by their own names, and come in without TLS', () => {
  const [service] = settings(
    `${LINE} --host front --outbound 9101=https://partner --outbound [::1]:9102=http://b:1`,
  ).services;
  expect(
    service?.routes.map(({ side, listen, target, host }) => [side, listen.host, listen.port, target.address, host]),
  ).toEqual([
    ['service', '', 8080, 'legacy:9000', 'front'],
    ['callee', '', 9101, 'partner:443', 'partner'],
    ['callee', '::1', 9102, 'b:1', 'b:1'],
  ]);
});

test('a config file has many routes; its top holds for all of them, a route’s own word weighs more, the command line’s most', () => {
  const config = {
    monitor: 'http://from-file:1',
    'connect-timeout': 2,
    machine: 'rack-1',
    'rewrite-wsdl': true,
    routes: [
      { name: 'a', listen: '8081', target: 'http://a:1', outbound: '9101=http://p:1' },
      { name: 'b', listen: 8082, target: 'https://b', 'connect-timeout': 0.5, host: 'target', machine: 'rack-2' },
      { name: 'a', listen: '8083', target: 'http://p2:1', side: 'callee' },
    ],
  };
  const { monitor, services } = settings('--config c.json --monitor http://m:1', config);
  expect(monitor).toBe('http://m:1');
  expect(services.map(({ name, machine, routes }) => [name, machine, routes.map(({ side }) => side)])).toEqual([
    ['a', 'rack-1', ['service', 'callee', 'callee']],
    ['b', 'rack-2', ['service']],
  ]);
  expect(services[1]?.routes[0]).toMatchObject({ connectMillisMax: 500, host: 'b', rewritesWsdl: true });
  expect(services[0]?.routes[0]).toMatchObject({ connectMillisMax: 2_000, host: null });
});

test('a spool is a folder and its bound in MiB', () => {
  expect(settings(LINE)).toMatchObject({ spool: undefined, spoolBytesMax: undefined });
  const { spool, spoolBytesMax } = settings(`${LINE} --spool /var/spool/soa --max-spool 64`);
  expect([spool, spoolBytesMax]).toEqual(['/var/spool/soa', 64 * 1024 * 1024]);
});

describe('what cannot be meant is refused in one line:', () => {
  const invalid = (...given: Parameters<typeof read>): string => {
    const command = read(...given);
    return command.kind === 'invalid' ? command.reason : command.kind;
  };
  test.each([
    ['', 'say where the monitor is'],
    ['--monitor http://m:1', 'say where to listen'],
    ['--monitor http://m:1 --listen 1', 'say where the service is'],
    [`${LINE} --nonsense`, "Unknown option '--nonsense'"],
    [`${LINE} more`, 'Unexpected argument'],
    [`${LINE} --listen 99999`, '--listen takes a port or host:port, not 99999'],
    [`${LINE} --target ftp://x`, '--target takes http://host:port'],
    [`${LINE} --target http://x/path`, '--target takes no path'],
    [`${LINE} --outbound 9101`, '--outbound takes listen=target'],
    [`${LINE} --connect-timeout soon`, '--connect-timeout takes seconds'],
    [`${LINE} --max-connections 0`, '--max-connections takes a number'],
    [`${LINE} --host a/b`, '--host is keep, target or a name'],
    [`${LINE} --probe-path wsdl`, '--probe-path takes a path'],
    [`${LINE} --max-spool 1.5`, '--max-spool takes a number of MiB'],
    [`${LINE} --tls-cert a.pem`, "--tls-cert: ENOENT: no such file, open 'a.pem'"],
    [`${LINE} --config none.json`, 'the config file none.json cannot be read'],
  ])('%s', (line, reason) => {
    expect(invalid(line)).toContain(reason);
    expect(invalid(line)).not.toContain('\n');
  });
  test.each([
    ['{', 'is not JSON'],
    [[], 'is no JSON object'],
    [{ routes: [{ listn: 1 }] }, 'has an unknown name: routes[0].listn'],
    [{ listen: {} }, 'has no text or number for listen'],
    [{ 'rewrite-wsdl': 'yes' }, 'has neither true nor false for rewrite-wsdl'],
    [{ routes: [{ listen: 1, target: 'http://a', monitor: 'x' }] }, 'has an unknown name: routes[0].monitor'],
    [{ routes: [{ listen: 1, target: 'http://a', side: 'both' }] }, 'side is service or callee, not both'],
  ])('the config %j', (config, reason) => {
    expect(invalid('--config c.json --monitor http://m:1', config)).toContain(reason);
  });
  test('certificates that cannot be used', () => {
    const certificates = makeCertificates();
    const files: { readonly [path: string]: Buffer } = {
      cert: certificates.server.cert,
      key: certificates.server.key,
      other: certificates.client.key,
      none: Buffer.from('no certificate'),
    };
    certificates.remove();
    const command = (line: string) =>
      readCommandLine(`${LINE} ${line}`.split(' '), {}, (path) => files[path] ?? noFile(path));
    const reason = (line: string) => JSON.stringify(command(line));
    expect(command('--tls-cert cert --tls-key key').kind).toBe('run');
    expect(reason('--tls-cert cert --tls-key other')).toContain('--tls-cert with --tls-key cannot be used');
    expect(reason('--tls-cert none --tls-key key')).toContain('--tls-cert with --tls-key cannot be used');
    expect(reason('--tls-cert cert')).toContain('--tls-cert and --tls-key go together');
    expect(reason('--tls-ca cert')).toContain('needs --tls-cert');
  });
});

test('help and version are told', () => {
  expect([read('--help').kind, read('-v').kind]).toEqual(['help', 'version']);
});
