import { WebSocketServer } from 'ws';
import type { PerMessageDeflateOptions } from 'ws';
import { currentRequestId } from '../telemetry/request-context.ts';
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

/** Creates one `WebSocketServer` for each combination of message size and compression, on first use. */
export class WebSocketServers {
  readonly #servers = new Map<string, WebSocketServer>();

  /** @param maxPayload largest message that is read, bytes */
  for(maxPayload: number, isCompressed: boolean): WebSocketServer {
    const key = `${maxPayload} ${isCompressed}`;
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const server = new WebSocketServer({
      noServer: true,
      maxPayload,
      perMessageDeflate: isCompressed ? compression : false,
      clientTracking: false,
    });
    server.on('headers', (headers) => {
      const requestId = currentRequestId();
      if (requestId !== null) headers.push(`${requestIdHeader}: ${requestId}`);
    });
    this.#servers.set(key, server);
    return server;
  }
}
