import { describe, expect, test } from 'vitest';
import { readCommandLine } from './command-line.ts';

const read = (line: string, config = '{}', environment: Record<string, string> = {}) =>
  readCommandLine(line === '' ? [] : line.split(' '), environment, (path) => {
    if (path === 'missing.json') throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return config;
  });
const optionsOf = (...given: Parameters<typeof read>) => {
  const command = read(...given);
  if (command.kind !== 'serve') throw new Error(JSON.stringify(command));
  return command.options;
};

describe('the command line', () => {
  test('has a default for everything', () => {
    expect(optionsOf('serve')).toEqual({
      port: 4600,
      host: '127.0.0.1',
      hostNames: [],
      data: 'data',
      pingIntervalMillis: 5_000,
      pingAllow: new Set(),
      ingestKey: null,
      viewerToken: null,
      viewersMax: 50,
      keepDays: 30,
      keepBodiesDays: 7,
      keepRollupsDays: 400,
      maxSizeGib: 0,
      otlp: null,
    });
  });

  test('takes each option, and weighs more than the config file', () => {
    const config = JSON.stringify({ port: 1, data: '/config', 'ping-allow': ['a:1', 'b:2'], 'host-name': 'm.example' });
    const options = optionsOf('serve --port 0 --ping-interval 1000 --config c.json --ping-allow [::1]:80,C:9', config);
    expect(options).toMatchObject({ port: 0, data: '/config', hostNames: ['m.example'], pingIntervalMillis: 1_000 });
    expect([...options.pingAllow]).toEqual(['[::1]:80', 'c:9']);
    expect([...optionsOf('serve --config c.json', config).pingAllow]).toEqual(['a:1', 'b:2']);
  });

  test('takes secrets from the environment only', () => {
    const environment = { SOA_MONITOR_KEY: 'k'.repeat(16), SOA_MONITOR_VIEWER_TOKEN: 't'.repeat(16) };
    expect(optionsOf('serve', '{}', environment)).toMatchObject({
      ingestKey: 'k'.repeat(16),
      viewerToken: 't'.repeat(16),
    });
    expect(optionsOf('serve', '{}', { SOA_MONITOR_KEY: '' }).ingestKey).toBeNull();
    expect(read('serve --key abc').kind).toBe('invalid');
  });

  test('takes where spans go, with what is secret from the environment only', () => {
    const environment = {
      SOA_MONITOR_OTLP_URL: 'http://collector:4318',
      SOA_MONITOR_OTLP_HEADERS: 'Authorization=Bearer a%20b, x-scope=1',
    };
    expect(optionsOf('serve', '{}', environment).otlp).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: { Authorization: 'Bearer a b', 'x-scope': '1' },
      settleMillis: 10_000,
    });
    const given = optionsOf('serve --otlp-url https://tempo/otlp/v1/traces --otlp-settle 30', '{}', environment).otlp;
    expect(given).toMatchObject({ url: 'https://tempo/otlp/v1/traces', settleMillis: 30_000 });
    const broken = read('serve --otlp-url http://c', '{}', { SOA_MONITOR_OTLP_HEADERS: 'my-secret' });
    expect(broken.kind).toBe('invalid');
    expect(JSON.stringify(broken)).not.toContain('my-secret');
  });

  test.each([
    ['', 'soa-monitor serve'],
    ['start', 'no command start'],
    ['serve --port 65536', '--port takes a number from 0 to 65535, not 65536'],
    ['serve --port x', '--port takes a number'],
    ['serve --otlp-url collector:4318', '--otlp-url takes an http or https URL'],
    ['serve --otlp-url http://me:secret@collector', '--otlp-url takes no user or password'],
    ['serve --prot 1', "Unknown option '--prot'"],
    ['serve --ping-allow bank', '--ping-allow takes host:port, not bank'],
    ['serve --ping-interval 5', 'from 100'],
    ['serve --host-name http://x', '--host-name takes name[:port]'],
    ['serve --config missing.json', 'the config file missing.json cannot be read: ENOENT'],
  ])('"%s" is refused with one line', (line, reason) => {
    const command = read(line);
    expect(command).toMatchObject({ kind: 'invalid', reason: expect.stringContaining(reason) });
    expect(JSON.stringify(command)).not.toContain('\\n');
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'is no JSON object'],
    ['{"prot":1}', 'has an unknown name: prot'],
    ['{"port":true}', 'has no text or number for port'],
    ['{"port":"x"}', '--port takes a number'],
    ['{"key":"secret"}', 'has an unknown name: key'],
  ])('a config file %s is refused with one line', (config, reason) => {
    expect(read('serve --config c.json', config)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    });
  });

  test('a secret that is too short or has blanks is refused, and not shown', () => {
    for (const key of ['short', 'with blank in it all']) {
      const command = read('serve', '{}', { SOA_MONITOR_KEY: key });
      expect(command.kind).toBe('invalid');
      expect(JSON.stringify(command)).not.toContain(key);
    }
  });
});
