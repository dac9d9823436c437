import type { Schema } from '@soa-monitor/protocol';
import { abbreviated } from './abbreviated.ts';
import type { Run, RunExample } from './run-examples.ts';
import { type FieldRow, fieldRows, type Told, typeOf } from './schema-rows.ts';

/** docs/api.md, of what a running monitor says of itself and what it answered. */
export function apiGuide(run: Run): string {
  const document: OpenApi = JSON.parse(run.openApi);
  const told: Told = new Map();
  const sections: string[] = [];
  const contents: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const title = `${method.toUpperCase()} ${path}`;
      contents.push(`| [${title}](#${anchorOf(title)}) | ${operation.summary} |`);
      const asked = run.examples.filter(
        ({ example }) => `/api/v1${example.route}` === path && example.method === method.toUpperCase(),
      );
      const examples = path === '/api/v1/reports' ? reportExamples(run) : exampleTexts(title, asked);
      sections.push(section(title, operation, told, examples));
    }
  }
  return `${[HEAD, ['| route | |', '|---|---|', ...contents].join('\n'), REST, ...sections].join('\n\n')}\n`;
}

interface OpenApi {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
}

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly description?: string; readonly content: Content };
  readonly responses: { readonly [status: string]: { readonly content?: Content } };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly schema: Schema;
}

interface Content {
  readonly [mediaType: string]: { readonly schema: Schema };
}

function section(title: string, operation: Operation, told: Told, examples: readonly string[]): string {
  const { summary, parameters = [], requestBody, responses } = operation;
  const parts = [`## ${title}`, `${summary}.`];
  if (parameters.length > 0) {
    const rows = parameters.map(({ name, in: place, description, schema }) => ({
      path: place === 'path' ? `{${name}}` : name,
      type: 'description' in schema && schema.description !== undefined ? schema.description : typeOf(schema),
      meaning: description,
    }));
    parts.push(table(['parameter', 'values and bounds', 'meaning, and what it is unless given'], rows));
  }
  if (requestBody !== undefined) {
    parts.push(`**Body**${requestBody.description === undefined ? '' : `: ${requestBody.description}`}`);
    parts.push(...contentParts(requestBody.content, `the body of ${title}`, told));
  }
  const good = Object.entries(responses).find(([status]) => status !== 'default');
  if (good !== undefined) {
    const content = good[1].content ?? {};
    parts.push(
      `**Answer ${good[0]}** (${Object.keys(content)
        .map((type) => `\`${type}\``)
        .join(', ')})`,
    );
    parts.push(...contentParts(content, `the answer of ${title}`, told));
  }
  return [...parts, ...examples].join('\n\n');
}

function contentParts(content: Content, where: string, told: Told): readonly string[] {
  const schemas = Object.values(content).flatMap(({ schema }) => ('anyOf' in schema ? schema.anyOf : [schema]));
  return schemas.flatMap((schema) => {
    const rows = fieldRows(schema, where, told);
    return rows.length === 0 ? [] : [table(['field', 'type', 'meaning'], rows)];
  });
}

const table = (names: readonly string[], rows: readonly FieldRow[]): string =>
  [
    `| ${names.join(' | ')} |`,
    '|---|---|---|',
    ...rows.map(({ path, type, meaning }) => `| \`${path}\` | ${cell(type)} | ${cell(meaning)} |`),
  ].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** As GitHub makes them. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

function exampleTexts(title: string, asked: readonly RunExample[]): readonly string[] {
  if (!asked.some(({ status }) => status < 300)) throw new Error(`no example of ${title} was answered`);
  const told = asked.map((one) => [`$ ${curlOf(one)}`, answerOf(one.status, one.mediaType, one.text)].join('\n'));
  return ['**As it was run**', ...told.map((text) => `\`\`\`console\n${text}\n\`\`\``)];
}

function curlOf({ example: { method, path, body } }: RunExample): string {
  const how = method === 'GET' ? '' : `-X ${method} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}' `;
  return `curl -s ${how}'http://localhost:4600/api/v1${path}'`;
}

function answerOf(status: number, mediaType: string, text: string): string {
  const shown = /json/.test(mediaType) ? abbreviated(text) : text.trimEnd();
  return status === 200 ? shown : `# ${status}\n${shown}`;
}

const reportExamples = ({ report, refusedReport }: Run): readonly string[] => [
  '**As it was run**, `report.json` being',
  `\`\`\`json\n${abbreviated(report.sent)}\n\`\`\``,
  [
    '```console',
    '$ curl -s -H "Authorization: Bearer $SOA_MONITOR_KEY" -H \'Content-Type: application/json\' --data @report.json http://localhost:4600/api/v1/reports',
    answerOf(report.status, 'json', report.text),
    "$ curl -s -H 'Authorization: Bearer of-another-monitor' -H 'Content-Type: application/json' --data @report.json http://localhost:4600/api/v1/reports",
    answerOf(refusedReport.status, 'json', refusedReport.text),
    '```',
  ].join('\n'),
];

const HEAD = `# The HTTP API, version 1

<!-- Made by \`npm run api-guide\` from GET /api/openapi.json and from examples that it runs: change those, not this page. -->

Everything that the viewer knows, it asks here. \`GET /api/openapi.json\` says the same for programs (OpenAPI 3.1).`;

const REST = `**Times** are epoch microseconds in answers; questions take those or ISO 8601 (\`2026-11-22T12:00:00Z\`). **Durations** are microseconds;
questions take \`1500\`, \`20ms\`, \`3s\`, \`5m\`, \`1h\`, \`1d\`. A **window** is half-open: \`from\` is in it, \`to\` is not. **Lists** come in
pages: an answer's \`cursor\` asks for the next one, null ends. Fields may be added to answers; none is taken away within a version.
Also there: \`/healthz\`, \`/readyz\`, \`/metrics\` ([operations](operations.md)), and deltas over socket.io in the namespace \`/live\`.

**Who may ask.** Where a viewer token is set: \`Authorization: Bearer TOKEN\`. Reports need the ingest key instead. See [security](security.md).

**Errors** are problem documents (RFC 9457, \`application/problem+json\`): \`status\`, \`title\`, \`detail\` for a person, \`type\` for programs,
\`reasons\` where there are several.

| status | when |
|---|---|
| 400 | a parameter or body cannot be taken; each one that is wrong is named, and so is one that there is not |
| 401, 403 | the token or key is missing or wrong; the \`Origin\` is another |
| 404 | there is no such thing (any more) |
| 405, 415, 426 | another method, another kind of body, another version of reports is taken here |
| 412 | \`If-Match\` names a version that is no longer the newest |
| 413 | the body is larger than it may be |
| 421 | the \`Host\` is no name of this monitor |
| 429, 503 | too much at once, or the disk does not take or give what is asked: come again after \`Retry-After\` |
| 505 | a file over HTTP/1.0, where one cut off would look whole |

In the examples, which a monitor at a noon that stood still was asked, only the first item of a list is shown.`;
