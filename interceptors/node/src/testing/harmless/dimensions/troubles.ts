import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** A monitor that is none: what it does with a connection; null: there is nobody. */
export const troubles: {
  readonly [name: string]: { readonly isTls: boolean; readonly serve: ((socket: Socket) => void) | null };
} = {
  'refuses connections': { isTls: false, serve: null },
  hangs: { isTls: false, serve: () => {} },
  'answers one byte a second': {
    isTls: false,
    serve: (socket) => {
      const answer = 'HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}';
      let at = 0;
      const timer = setInterval(() => socket.write(answer.charAt(at++)), 1_000);
      socket.on('close', () => clearInterval(timer));
    },
  },
  'answers garbage': {
    isTls: false,
    serve: (socket) => socket.once('data', () => socket.write('\u0000what?\r\n\r\n')),
  },
  'answers 503 for ever': {
    isTls: false,
    serve: (socket) => socket.on('data', () => socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n')),
  },
  'answers 200 with a page': {
    isTls: false,
    serve: (socket) => socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>')),
  },
  'resets each connection': { isTls: false, serve: (socket) => void socket.resetAndDestroy() },
  'speaks no TLS': { isTls: true, serve: (socket) => socket.write('this is no handshake\r\n') },
};

export async function listenInTrouble(name: string): Promise<{ url: string; close: () => void }> {
  const { isTls, serve } = troubles[name] ?? { isTls: false, serve: null };
  if (serve === null) return { url: 'http://127.0.0.1:9', close: () => {} };
  const sockets = new Set<Socket>();
  const server: Server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.resume();
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
