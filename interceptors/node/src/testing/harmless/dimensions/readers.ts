import type { IncomingMessage } from 'node:http';
import { PassThrough, pipeline, Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { Trial } from '../trial.ts';

/** How a service reads the body of a request. `done` is called once, with what it got; some never call it. */
export type Reader = (request: IncomingMessage, done: (body: Buffer) => void, trial: Trial) => void;

const onData: Reader = (request, done, trial) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => {
    trial.data('service', 'data', chunk.length);
    chunks.push(chunk);
  });
  request.on('end', () => done(Buffer.concat(chunks)));
};

const into = (chunks: Buffer[]): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, written) => {
      chunks.push(chunk);
      written();
    },
  });

export const turnsLater = (turns: number, work: () => void): void => {
  setImmediate(() => (turns <= 1 ? work() : turnsLater(turns - 1, work)));
};

export const readers: { readonly [name: string]: Reader } = {
  data: onData,
  readable: (request, done, trial) => {
    const chunks: Buffer[] = [];
    request.on('readable', () => {
      for (let chunk = request.read(); chunk !== null; chunk = request.read()) {
        trial.data('service', 'read', chunk.length);
        chunks.push(chunk);
      }
    });
    request.on('end', () => done(Buffer.concat(chunks)));
  },
  'for await': async (request, done, trial) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
      done(Buffer.concat(chunks));
    } catch (error) {
      trial.log('service', `for await threw ${error instanceof Error ? error.message : ''}`);
    }
  },
  'for await, broken off': async (request, done, trial) => {
    for await (const chunk of request) {
      trial.log('service', `first chunk is a ${chunk.constructor.name}`);
      break;
    }
    done(Buffer.from('broken off'));
  },
  pipe: (request, done) => {
    const chunks: Buffer[] = [];
    request.pipe(into(chunks)).on('finish', () => done(Buffer.concat(chunks)));
  },
  'pipe twice': (request, done) => {
    const chunks: Buffer[] = [];
    request.pipe(new PassThrough()).resume();
    request
      .pipe(new PassThrough())
      .pipe(into(chunks))
      .on('finish', () => done(Buffer.concat(chunks)));
  },
  pipeline: (request, done, trial) => {
    const chunks: Buffer[] = [];
    pipeline(request, into(chunks), (error) => {
      if (error) trial.log('service', `pipeline ${error.message}`);
      else done(Buffer.concat(chunks));
    });
  },
  consumers: (request, done, trial) => {
    buffer(request).then(done, (error: Error) => trial.log('service', `buffer() ${error.message}`));
  },
  'web stream': (request, done, trial) => {
    text(Readable.toWeb(request)).then(
      (body) => done(Buffer.from(body)),
      (error: Error) => trial.log('service', `web stream ${error.message}`),
    );
  },
  'setEncoding utf8': (request, done) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => done(Buffer.from(body)));
  },
  'one tick late': (request, done, trial) => process.nextTick(() => onData(request, done, trial)),
  'a promise late': (request, done, trial) => {
    void Promise.resolve().then(() => onData(request, done, trial));
  },
  'five turns late': (request, done, trial) => turnsLater(5, () => onData(request, done, trial)),
  'a second late': (request, done, trial) => {
    setTimeout(() => onData(request, done, trial), 1_000);
  },
  never: (_request, done) => done(Buffer.from('not read')),
  'never, and dumped late': (request, done) => {
    done(Buffer.from('not read'));
    turnsLater(3, () => request.resume());
  },
  'pausing after each chunk': (request, done, trial) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      request.pause();
      trial.data('service', 'data', chunk.length);
      setImmediate(() => request.resume());
    });
    request.on('end', () => done(Buffer.concat(chunks)));
  },
  'through gunzip': (request, done, trial) => {
    const chunks: Buffer[] = [];
    const gunzip = createGunzip();
    gunzip.on('error', (error: NodeJS.ErrnoException) => {
      trial.log('service', `gunzip ${error.code}`);
      done(Buffer.from('bad gzip'));
    });
    request
      .pipe(gunzip)
      .pipe(into(chunks))
      .on('finish', () => done(Buffer.concat(chunks)));
  },
  'with a push of its own': (request, done, trial) => {
    const push = request.push;
    request.push = function (this: IncomingMessage, ...args: Parameters<typeof push>) {
      trial.data('service', 'push', args[0] === null ? 0 : args[0].length);
      return push.apply(this, args);
    };
    onData(request, done, trial);
  },
  'with an emit of its own': (request, done, trial) => {
    const emit = request.emit;
    request.emit = function (this: IncomingMessage, ...args: Parameters<typeof emit>) {
      if (args[0] !== 'data' && args[0] !== 'readable') trial.log('service', `emit ${String(args[0])}`);
      return emit.apply(this, args);
    } as typeof emit;
    onData(request, done, trial);
  },
  'unshifting the first chunk': (request, done, trial) => {
    request.once('readable', () => {
      const chunk: Buffer | null = request.read();
      if (chunk !== null) request.unshift(chunk);
      onData(request, done, trial);
    });
  },
};
