import { readArguments } from './launcher/arguments.ts';
import { membersOf } from './launcher/estate.ts';
import { launch } from './launcher/launch.ts';

const settings = readArguments(process.argv.slice(2));
if (typeof settings === 'string') {
  console.error(settings);
  process.exit(2);
}
const environment = { ...process.env };
if (settings.monitor !== undefined) environment.SOA_MONITOR_URL = settings.monitor;
if (settings.key !== undefined) environment.SOA_MONITOR_KEY = settings.key;

const launched = launch(membersOf(settings), { environment, say: (line) => console.log(line) });
process.on('SIGINT', () => launched.stop());
process.on('SIGTERM', () => launched.stop());
process.exitCode = (await launched.ended) ? 0 : 1;
