import { createServer } from 'node:http';
import { REPLY } from './messages.ts';

// The service behind: bare node:http, in a process of its own. Says its port.
const reply = Buffer.from(REPLY);
const headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': reply.byteLength };
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(reply));
});
server.listen(0, '127.0.0.1', () => {
  const bound = server.address();
  process.send?.(typeof bound === 'object' ? bound?.port : 0);
});
process.on('disconnect', () => process.exit(0));
