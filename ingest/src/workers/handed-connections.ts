import type { Worker } from 'node:cluster';

/** The messages of node:cluster's round robin: the parent hands over a connection (`newconn`), the worker's `ack` has the same number. */
interface HandOver {
  cmd?: string;
  act?: string;
  seq?: number;
  ack?: number;
}

interface Connection {
  close(): void;
}

const listening = new Set<number>();

/**
 * Follows the connections that the parent hands to a worker. node:cluster forgets those that a killed worker had not accepted: the parent
 * keeps them open, and their clients wait forever. node:cluster has no interface for this, so its messages are read: run
 * `lost-workers.test.ts` with each new version of Node.
 *
 * @returns a function that passes the connections it had not accepted to the other workers. Call it once the worker has ended and its channel is closed.
 */
export const followConnections = (worker: Worker): (() => void) => {
  const child = worker.process;
  const handed = new Map<number, Connection>();
  const send = child.send.bind(child) as (...content: unknown[]) => boolean;
  child.send = (...content: unknown[]): boolean => {
    const [message, connection] = content as [HandOver, Connection | undefined];
    if (message.act === 'newconn' && message.seq !== undefined && connection) handed.set(message.seq, connection);
    return send(...content);
  };
  child.on('internalMessage', ({ ack }: HandOver) => void (ack !== undefined && handed.delete(ack)));
  worker.on('listening', () => listening.add(worker.id));
  // From here on, node:cluster hands it no connections, and closes the port with the last worker.
  worker.on('disconnect', () => listening.delete(worker.id));
  return () => {
    listening.delete(worker.id);
    // node:cluster keeps a worker that was killed while a connection was on its way, and would hand it further ones.
    worker.disconnect();
    for (const [seq, connection] of handed) {
      if (listening.size === 0) connection.close();
      // The answer of a worker that is closing: node:cluster then chooses another one.
      else child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted: false });
    }
  };
};
