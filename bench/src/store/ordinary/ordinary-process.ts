import { createServer } from 'node:http';
import { join } from 'node:path';
import express from 'express';
import { Server } from 'socket.io';
import { BENCH_KEY } from '../measured/start-measured.ts';
import { createOrdinaryStore } from './ordinary-store.ts';
import { reportShape } from './report-shape.ts';

/** The ordinary way: `<folder> <port>`. express.json, a schema library, the database and socket.io, all on the main thread. */
const [, , folder = '.', port = '0'] = process.argv;
const store = createOrdinaryStore(join(folder, 'ordinary.db'));
const app = express();
const server = createServer(app);
const live = new Server(server, { transports: ['websocket'] }).of('/live');
live.on('connection', (socket) => socket.on('watch', () => socket.emit('snapshot', {})));

app.get('/readyz', (_request, response) => void response.send('ready'));
app.get('/counts', (_request, response) => void response.json(store.counts()));
app.use((request, response, next) => {
  if (request.headers.authorization === `Bearer ${BENCH_KEY}`) next();
  else response.status(401).end();
});
app.post('/api/v1/reports', express.json({ limit: '8mb' }), (request, response) => {
  const decoded = reportShape.safeParse(request.body);
  if (!decoded.success) {
    response.status(400).json({ reasons: decoded.error.issues.slice(0, 3) });
    return;
  }
  const exchanges = store.append(decoded.data);
  live.emit('delta', { exchanges });
  response
    .status(202)
    .json({ acknowledged: decoded.data.rows.length, refused: [], nextReportMillis: 1_000, wantBodyHash: [] });
});
server.listen(Number(port), '127.0.0.1');
