import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections and to servers that ask for any. */
const [minPort, maxPort] = [12_000, 22_000];

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * A port for a program that cannot take a free one itself. It is unlikely to be taken, even while the program restarts.
 * @param offsets ports at these distances are free as well
 */
export const freePort = async (...offsets: number[]): Promise<number> => {
  for (;;) {
    const port = randomInt(minPort, maxPort);
    const areFree = await Promise.all([0, ...offsets].map((offset) => isFree(port + offset)));
    if (areFree.every(Boolean)) return port;
  }
};
