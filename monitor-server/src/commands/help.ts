import type { DatabaseCommandName } from './read-command.ts';

const DATA = `  --data DIR          data folder; ./data unless given
  --config FILE       the config file of the server, which may name the data folder
`;

/** What `soa-monitor migrate --help` and its like print. */
export const DATABASE_HELP: { readonly [K in DatabaseCommandName]: string } = {
  migrate: `Usage: soa-monitor migrate [options]

Brings the database to the version of this program, and does nothing else. The server does so too when it starts. Only while
no monitor runs on the folder. There is no way back: make a backup first.

${DATA}
Exit codes: 0 it is of this version now, 1 could not be done, 2 an option is bad
`,
  backup: `Usage: soa-monitor backup --to FILE [options]

Copies the database into a file, whole and checked, also while a monitor runs on the folder and takes reports. The copy is the
database as it was when the backup began. Until it is whole it has another name (FILE.partial-…); when the disk is full, or
the backup is stopped, nothing is left. The ingest key lies beside the database, in ingest.key, and is not in the copy.

  --to FILE           the new file
  --force             replace FILE if it is there
${DATA}
Exit codes: 0 the backup is on disk, 1 could not be made, 2 an option is bad
`,
  check: `Usage: soa-monitor check [options]

Looks whether the file is whole, whether what was acknowledged is there, and whether what is derived is what the facts say. A
sentence for each thing that is wrong. Changes nothing; also while a monitor runs on the folder.

${DATA}
Exit codes: 0 all is well, 1 something is wrong, 2 it could not be checked, or an option is bad
`,
  rebuild: `Usage: soa-monitor rebuild [options]

Derives the figures anew from the messages, as far back as those are kept; older figures stay as they are. Only while no
monitor runs on the folder. May be stopped at any moment and run again.

${DATA}
Exit codes: 0 all is derived, 1 could not be done, 2 an option is bad
`,
};
