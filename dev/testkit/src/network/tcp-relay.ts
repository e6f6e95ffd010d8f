import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** An address that leads to one TCP server and later to another, as a virtual address does after a failover. */
export class TcpRelay {
  readonly port: number;
  /** Where new connections lead. */
  targetPort: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();
  readonly #silenced = new Set<Socket>();
  #held: { to: Socket; chunk: Buffer }[] | null = null;

  private constructor(server: ReturnType<typeof createServer>, targetPort: number) {
    this.#server = server;
    this.targetPort = targetPort;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(targetPort: number): Promise<TcpRelay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const relay = new TcpRelay(server, targetPort);
    server.on('connection', (near) => relay.#join(near));
    return relay;
  }

  /** Stops forwarding data in both directions on the open connections, without closing them. */
  silence(): void {
    for (const socket of this.#sockets) this.#silenced.add(socket);
  }

  /** Keeps data in both directions back until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const { to, chunk } of held) to.write(chunk);
  }

  /** Whether data with this text is kept back. */
  holds(text: string): boolean {
    return (this.#held ?? []).some(({ chunk }) => chunk.includes(text));
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(near: Socket): void {
    const far = connect(this.targetPort, '127.0.0.1');
    this.#carry(near, far);
    this.#carry(far, near);
  }

  #carry(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      if (this.#silenced.has(from)) return;
      if (this.#held === null) to.write(chunk);
      else this.#held.push({ to, chunk });
    });
    from.once('error', () => to.destroy());
    from.once('close', () => {
      this.#sockets.delete(from);
      // A silenced connection does not report that the other side has closed.
      if (!this.#silenced.has(from)) to.destroy();
    });
  }
}
