import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import type { Asked } from './dimensions/peers.ts';
import { ANONYMOUS } from './dimensions/servers.ts';
import type { Trial } from './trial.ts';

/** A server that speaks bytes: writes down what each connection brought, and answers each whole request as it is told. */
export async function listenRaw(trial: Trial, isTls: boolean, answer: (asked: Asked) => unknown): Promise<number> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let count = 0;
  const onSocket = (socket: Socket): void => {
    const wire = `peer got on connection ${connections++}`;
    sockets.add(socket);
    let bytes = '';
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      trial.wire(wire, chunk);
      bytes += chunk.toString('latin1');
      for (let end = endOfRequest(bytes); end > 0; end = endOfRequest(bytes)) {
        const head = bytes.slice(0, bytes.indexOf('\r\n\r\n'));
        bytes = bytes.slice(end);
        // A proxy that is asked for a tunnel is the other end of it, too.
        if (head.startsWith('CONNECT ')) socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        else answer({ socket, head, count: count++ });
      }
      if (/\r\n\r\n$/.test(bytes) && /\r\nexpect: 100-continue/i.test(bytes))
        socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    });
    socket.on('end', () => trial.wire(wire, '\r\n(end)\r\n'));
  };
  const server = isTls ? tls.createServer(ANONYMOUS, onSocket) : net.createServer(onSocket);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  trial.port(port);
  trial.whenDone(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return port;
}

/** Where the first request in `bytes` ends; 0 while it is not whole. */
function endOfRequest(bytes: string): number {
  const headEnd = bytes.indexOf('\r\n\r\n') + 4;
  if (headEnd < 4) return 0;
  const head = bytes.slice(0, headEnd);
  if (/\r\ntransfer-encoding: chunked/i.test(head)) {
    const end = /(?:^|\r\n)0\r\n(?:[^\r]+\r\n)*\r\n/.exec(bytes.slice(headEnd));
    return end === null ? 0 : headEnd + end.index + end[0].length;
  }
  const end = headEnd + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return bytes.length >= end ? end : 0;
}
