import cluster from 'node:cluster';
import { followConnections } from './handed-connections.ts';
import type { PrimaryMessage, WorkerMessage } from './worker-message.ts';
import { WorkerGroup } from './worker-group.ts';
import type { WorkerProcess } from './worker-pool.ts';

/** Starts another process with the same program and arguments, which shares this one's ports. */
export const forkWorker = (): WorkerProcess => {
  const worker = cluster.fork();
  const passOnConnections = followConnections(worker);
  // Unlike `exit`, emitted after the last message of the worker.
  worker.process.once('close', passOnConnections);
  // A channel that breaks while a message is sent: the worker has ended, which its exit reports.
  worker.on('error', () => undefined);
  return {
    id: worker.id,
    send(message) {
      if (worker.isConnected()) worker.send(message);
    },
    onMessage: (listener) => void worker.on('message', (message: WorkerMessage) => listener(message)),
    onExit: (listener) => void worker.process.once('close', listener),
    kill: (signal) => void worker.process.kill(signal),
  };
};

/** The workers that this process belongs to; null for a server of one process. */
export const ownWorkerGroup = (): WorkerGroup | null => {
  const { worker } = cluster;
  if (worker === undefined) return null;
  return new WorkerGroup(worker.id, {
    send: (message, onSent) => void process.send?.(message, undefined, undefined, onSent),
    receive: (listener) => void process.on('message', (message: PrimaryMessage) => listener(message)),
  });
};
