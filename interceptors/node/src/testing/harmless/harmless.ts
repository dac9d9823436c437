import { generateCases, only } from './cases.ts';
import { type Judged, judgeAll } from './differences.ts';
import { judgeMemory, judgeTrouble, type Measured, memoryName, troubleNames } from './endurance.ts';
import { ended, judgeProcesses } from './process-cases.ts';
import { scenarios } from './scenarios.ts';

const TROUBLE_CALLS = 30_000;
const MEMORY_CALLS = 100_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const argument = (name: string): string | null => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : (process.argv[at + 1] ?? null);
};

const seed = Number(argument('seed') ?? 1);
const filter = argument('only');
const begun = performance.now();
const cases = only(generateCases(scenarios, seed), filter);
const processes = only(generateCases([ended], seed), filter);
let differences = 0;
const incomparable: string[] = [];

const onJudged = ({ name, verdict }: Judged): void => {
  if (verdict.kind === 'same') return;
  if (verdict.kind === 'different') differences++;
  else incomparable.push(name);
  say(`${verdict.kind === 'different' ? 'DIFFERENT' : 'not comparable'}  ${name}\n${verdict.diff}`);
};

await judgeAll(cases, onJudged);
await judgeProcesses(processes, onJudged);
const chosen = [...troubleNames, memoryName].filter(
  (name) => filter === null || filter.split(' ').every((word) => name.includes(word)),
);
for (const name of chosen) {
  const measured: Measured =
    name === memoryName ? await judgeMemory(MEMORY_CALLS) : await judgeTrouble(name, TROUBLE_CALLS);
  say(`${name}: ${measured.figures}`);
  onJudged(measured);
}
const seconds = Math.round((performance.now() - begun) / 1_000);
say(
  `${cases.length + processes.length + chosen.length} cases, ${differences} differences, ${incomparable.length} not comparable (seed ${seed}, ${seconds} s)`,
);
process.exitCode = differences > 0 ? 1 : 0;
