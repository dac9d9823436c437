/** Programs as text: what a service's own process is made of, so that its end can be compared with and without. */

/** How the program is loaded. `imports` gives it the modules that it names; register is the entry without code. */
export const modules: {
  readonly [name: string]: { readonly extension: string; readonly registers: 'no' | 'import' | 'NODE_OPTIONS' };
} = {
  'an ES module': { extension: 'mjs', registers: 'no' },
  CommonJS: { extension: 'cjs', registers: 'no' },
  'an ES module with --import register': { extension: 'mjs', registers: 'import' },
  'CommonJS with --import register': { extension: 'cjs', registers: 'import' },
  'CommonJS with NODE_OPTIONS': { extension: 'cjs', registers: 'NODE_OPTIONS' },
};

/** When the program's own line comes; with register there is none. */
export const lines = ['first of all', 'last of all', 'twice', 'first, and closed when served'] as const;

/** How the process ends, once it has served a call. `say` prints; `server` still listens. */
export const endings: { readonly [name: string]: string } = {
  'by itself': `server.close();`,
  'by itself, with a timer left': `server.close(); setTimeout(() => say('timer'), 50);`,
  'by itself, with unref’d work left': `server.close(); setInterval(() => {}, 1000).unref();`,
  'by itself, with an exit code set': `process.exitCode = 3; server.close();`,
  'process.exit()': `process.exit();`,
  'process.exit(7)': `process.exit(7);`,
  'process.exit in a timer': `setTimeout(() => process.exit(4), 20);`,
  'process.reallyExit after work': `Promise.resolve().then(() => process.exit(9));`,
  throwing: `throw new Error('theirs');`,
  'throwing in a promise': `Promise.reject(new Error('theirs, later'));`,
  'an error event without a listener': `new (require('node:events'))().emit('error', new Error('unheard'));`,
  'calling who is not there, unheard': `http.request({ port: 1, host: '127.0.0.1', method: 'POST', headers: { 'content-type': 'text/xml' } }).end('<a/>');`,
  'a top-level failure': `setImmediate(() => { null.x; });`,
  SIGTERM: `process.kill(process.pid, 'SIGTERM'); setTimeout(() => say('still here'), 5000).unref();`,
  SIGINT: `process.kill(process.pid, 'SIGINT'); setTimeout(() => say('still here'), 5000).unref();`,
  SIGHUP: `process.kill(process.pid, 'SIGHUP'); setTimeout(() => say('still here'), 5000).unref();`,
  SIGUSR2: `process.kill(process.pid, 'SIGUSR2'); setTimeout(() => say('still here'), 5000).unref();`,
  SIGKILL: `process.kill(process.pid, 'SIGKILL');`,
  'SIGTERM with calls in flight': `hold(() => process.kill(process.pid, 'SIGTERM'));`,
  'process.exit with calls in flight': `hold(() => process.exit(2));`,
  abort: `process.emitWarning('bye', 'TheirWarning'); process.exitCode = 6; server.close(); server.closeAllConnections();`,
};

/** What the host listens to for itself. */
export const ownListeners: { readonly [name: string]: string } = {
  none: '',
  'to the end': `process.on('exit', (code) => say('exit ' + code));`,
  'to beforeExit': `process.on('beforeExit', (code) => say('beforeExit ' + code)); process.on('exit', (code) => say('exit ' + code));`,
  'to beforeExit, with work once': `let n = 0; process.on('beforeExit', () => { say('beforeExit ' + n); if (n++ === 0) setTimeout(() => say('work done'), 30); });`,
  'to beforeExit, with work twice': `let n = 0; process.on('beforeExit', async () => { say('beforeExit ' + n); if (n++ < 2) { await new Promise((r) => setImmediate(r)); say('work ' + n); } });`,
  'to beforeExit once, exiting': `process.once('beforeExit', () => { say('beforeExit'); process.exit(8); });`,
  'to signals, leaving': `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, (name, number) => { say(name + ' ' + number); server.close(); server.closeAllConnections(); process.exit(5); });`,
  'to signals, gracefully': `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(s, () => { say(s); server.closeAllConnections(); server.close(() => say('closed')); });`,
  'to signals, staying once': `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(s, () => { say('stays'); setTimeout(() => process.kill(process.pid, s), 20); });`,
  'to signals, as signal-exit does': `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, function polite() {
    if (process.listeners(s).length > 1) return say('not alone');
    process.removeListener(s, polite); say('polite'); process.kill(process.pid, s); });`,
  'to signals, ten times': `for (const s of ['SIGTERM', 'SIGINT']) for (let i = 0; i < 10; i++) process.on(s, () => { if (i === 9) process.exit(10); });`,
  'to failures': `process.on('uncaughtException', (e, origin) => { say('caught ' + e.message + ' ' + origin); process.exit(11); });`,
  'to failures, going on': `process.on('uncaughtException', (e) => { say('caught ' + e.message); server.close(); });
    process.on('unhandledRejection', (e) => { say('rejected ' + e.message); server.close(); });`,
  'to failures, by a monitor': `process.on('uncaughtExceptionMonitor', (e, origin) => say('seen ' + e.message + ' ' + origin));`,
  'to warnings': `process.on('warning', (w) => say('warning ' + w.name));`,
  'with an emit of its own': `const emit = process.emit; process.emit = function (...args) { if (args[0] === 'exit' || args[0] === 'beforeExit') say('emit ' + args[0]); return emit.apply(this, args); };`,
};

/** What else the process is made of. */
export const topologies: { readonly [name: string]: 'alone' | 'worker' | 'cluster' } = {
  'one thread': 'alone',
  'the service in a worker thread': 'worker',
  'a cluster of two': 'cluster',
};

export const monitors = ['alive', 'refusing connections', 'hanging'] as const;

/** A service that is called once by itself, and then ends as it is told. */
export function program(parts: {
  readonly isModule: boolean;
  /** The interceptor's own line, or nothing. */
  readonly first: string;
  readonly last: string;
  readonly served: string;
  readonly listeners: string;
  readonly ending: string;
}): string {
  const { isModule, first, last, served, listeners, ending } = parts;
  const load = isModule
    ? `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);\n`
    : '';
  return `${load}${first}
const http = require('node:http');
const say = (text) => require('node:fs').writeSync(1, text + '\\n');
const held = [];
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.url === '/hold') { held.push(response); if (held.length === 2) onHeld(); }
    else response.end('<a/>');
  });
});
let onHeld = () => {};
const post = (path, done) => {
  const call = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', path,
    headers: { 'content-type': 'text/xml', connection: 'close' } }, (reply) => reply.resume().on('end', () => done(reply.statusCode)));
  call.on('error', (error) => say('call ' + error.code));
  call.end('<a/>');
};
const hold = (then) => { onHeld = then; post('/hold', () => {}); post('/hold', () => {}); };
${listeners}
server.listen(0, '127.0.0.1', () => post('/s', (status) => {
  say('served ' + status);
  ${served}
  setImmediate(() => { ${ending} });
}));
${last}
`;
}
