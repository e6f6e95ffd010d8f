import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, messageTooBig } from '@invigil/protocol/channels';
import { WebSocket, WebSocketServer } from 'ws';
import type { PerMessageDeflateOptions } from 'ws';
import { requestIdHeader } from '../telemetry/request-id.ts';

/**
 * Messages on a compressed channel repeat their field names, so they shrink to a fifth even without earlier messages as context.
 * Keeping no context means that an idle connection costs no memory for it.
 */
const compression: PerMessageDeflateOptions = {
  clientNoContextTakeover: true,
  serverNoContextTakeover: true,
  zlibInflateOptions: { chunkSize: 4096 },
};

/** States the limit when ws closes a connection for a larger message, which it does without a reason. */
const socketWithLimit = (maxPayload: number) =>
  class extends WebSocket {
    override close(code?: number, reason?: string | Buffer): void {
      const isUnexplained = code === closeCodes.messageTooBig.code && reason === undefined;
      super.close(code, isUnexplained ? messageTooBig(maxPayload).reason : reason);
    }
  };

export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  /** For the answer's header. */
  requestId: string;
  /** Largest message that is read, bytes. */
  maxPayload: number;
  isCompressed: boolean;
}

/** Creates one `WebSocketServer` for each combination of message size and compression, on first use. */
export class WebSocketServers {
  readonly #servers = new Map<string, WebSocketServer>();
  /** Of the upgrade in progress. */
  #requestId = '';

  upgrade({ request, socket, head, requestId, ...kind }: Upgrade, onOpen: (webSocket: WebSocket) => void): void {
    // ws writes the answer in this call.
    this.#requestId = requestId;
    this.#for(kind).handleUpgrade(request, socket, head, onOpen);
  }

  #for({ maxPayload, isCompressed }: Pick<Upgrade, 'maxPayload' | 'isCompressed'>): WebSocketServer {
    const key = `${maxPayload} ${isCompressed}`;
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const server = new WebSocketServer<typeof WebSocket>({
      noServer: true,
      maxPayload,
      WebSocket: socketWithLimit(maxPayload),
      perMessageDeflate: isCompressed ? compression : false,
      clientTracking: false,
    });
    server.on('headers', (headers) => headers.push(`${requestIdHeader}: ${this.#requestId}`));
    this.#servers.set(key, server);
    return server;
  }
}
