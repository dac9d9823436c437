import { profiles } from './profiles.ts';
import { runClient } from './run-client.ts';

// Another company's program: no interceptor, so the monitor knows it only by its address.
await runClient(profiles.partner, process.argv.slice(2));
