import net, { type AddressInfo, type Socket } from 'node:net';
import type { Trial } from './trial.ts';

/** Passes every byte on and writes it down, both ways, connection by connection. It speaks no HTTP. */
export async function recordBetween(trial: Trial, target: number): Promise<number> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const number = count++;
    const far = net.connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    join(near, far, (chunk) => trial.wire(`connection ${number}, to the service`, chunk));
    join(far, near, (chunk) => trial.wire(`connection ${number}, to the client`, chunk));
    sockets.add(near).add(far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  trial.port(port);
  trial.whenDone(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return port;
}

function join(from: Socket, to: Socket, write: (chunk: Buffer | string) => void): void {
  from.on('data', (chunk: Buffer) => {
    write(chunk);
    to.write(chunk);
  });
  from.on('end', () => {
    write('\r\n(end)\r\n');
    to.end();
  });
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
}
