import { WebSocket } from 'ws';

interface InspectorReply {
  id?: number;
  result: { result?: { value?: unknown }; profile?: unknown };
}

/** A connection to the debugger of another Node process. */
export interface NodeInspector {
  collectGarbage(): Promise<void>;
  /** The value of an expression, as JSON allows it. */
  evaluate(expression: string): Promise<unknown>;
  /** Records a CPU profile until the returned function is called, which resolves with its JSON text. */
  startProfile(): Promise<() => Promise<string>>;
  close(): void;
}

export const connectInspector = (url: string): NodeInspector => {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let lastId = 0;
  const opened = new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const pending = new Map<number, { resolve(result: InspectorReply['result']): void; reject(error: Error): void }>();
  socket.on('message', (data: Buffer) => {
    const { id = 0, result } = JSON.parse(data.toString()) as InspectorReply;
    pending.get(id)?.resolve(result);
    pending.delete(id);
  });
  socket.on('close', () => {
    for (const call of pending.values()) call.reject(new Error('the server stopped'));
    pending.clear();
  });
  const call = async (method: string, params: object = {}): Promise<InspectorReply['result']> => {
    await opened;
    const id = ++lastId;
    const answered = new Promise<InspectorReply['result']>((resolve, reject) => pending.set(id, { resolve, reject }));
    socket.send(JSON.stringify({ id, method, params }));
    return answered;
  };
  return {
    async collectGarbage() {
      await call('HeapProfiler.collectGarbage');
    },
    evaluate: async (expression) => (await call('Runtime.evaluate', { expression, returnByValue: true })).result?.value,
    async startProfile() {
      await call('Profiler.enable');
      await call('Profiler.start');
      return async () => JSON.stringify((await call('Profiler.stop')).profile);
    },
    close: () => socket.terminate(),
  };
};
