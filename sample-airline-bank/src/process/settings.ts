import { parseArgs } from 'node:util';

/** What the launcher tells a service on its command line. */
export type ServiceSettings = {
  readonly port: number;
  readonly dataFolder: string;
  readonly bankUrl: string;
  readonly tallyFolder: string | undefined;
};

export function readServiceSettings(args: readonly string[]): ServiceSettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      bank: { type: 'string', default: '' },
      tally: { type: 'string' },
    },
  });
  if (values.port === undefined || values.data === undefined) throw new Error('a service needs --port and --data');
  return {
    port: Number(values.port),
    dataFolder: values.data,
    bankUrl: values.bank,
    tallyFolder: values.tally,
  };
}
