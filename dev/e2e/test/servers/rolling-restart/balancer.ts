import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A small TCP balancer: each new connection goes to the next target that accepts it. */
export const startBalancer = async (targets: readonly number[]) => {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy()).on('close', () => open.delete(client));
    const first = turn++;
    const attempt = (tried: number): void => {
      const port = targets[(first + tried) % targets.length]!;
      const target = connect(port, '127.0.0.1');
      target.once('error', () => {
        if (tried + 1 < targets.length && !client.destroyed) attempt(tried + 1);
        else client.destroy();
      });
      target.once('connect', () => {
        target.removeAllListeners('error').on('error', () => target.destroy());
        client.pipe(target).pipe(client);
        client.once('close', () => target.destroy());
        target.once('close', () => client.destroy());
      });
    };
    attempt(0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
