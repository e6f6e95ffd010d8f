import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey, plainAddress } from './address-key.ts';
import { Counts } from './counts.ts';

export interface SilentSocketsOptions {
  total: number;
  perAddress: number;
  /** A proxy opens sockets for many clients, so it has no limit of its own. */
  isTrusted: (address: string) => boolean;
  onRefused: () => void;
}

/**
 * Limits sockets that have not sent a request yet, because opening one costs a client nothing. Call before the server listens. Sockets that have
 * sent a request are limited by user instead.
 */
export const limitSilentSockets = (server: Server, options: SilentSocketsOptions): void => {
  const silent = new Counts();
  const releases = new WeakMap<Socket, () => void>();
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const key = addressKey(address);
    const isFull =
      silent.total >= options.total || (!options.isTrusted(address) && silent.of(key) >= options.perAddress);
    if (isFull) {
      options.onRefused();
      return void socket.destroy();
    }
    silent.add(key, 1);
    const release = (): void => {
      if (releases.delete(socket)) silent.add(key, -1);
      socket.off('close', release);
    };
    releases.set(socket, release);
    socket.on('close', release);
  });
  const onRequest = ({ socket }: IncomingMessage): void => releases.get(socket)?.();
  server.prependListener('request', onRequest);
  server.prependListener('upgrade', onRequest);
};
