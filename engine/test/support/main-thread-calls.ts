/**
 * How often each kind of call was made: `framesRead` (camera frames taken out of the track), `messagesToWorkers`, `messagesFromWorkers`,
 * `storageTransactions`, `timers`, `socketMessages`.
 */
export type MainThreadCalls = Record<string, number>;

declare global {
  var mainThreadCalls: MainThreadCalls;
}

/** Runs in the page before its scripts: counts the calls that cost the main thread something, in `globalThis.mainThreadCalls`. */
export const countMainThreadCalls = (): void => {
  const calls: MainThreadCalls = {
    framesRead: 0,
    messagesToWorkers: 0,
    messagesFromWorkers: 0,
    storageTransactions: 0,
    timers: 0,
    socketMessages: 0,
  };
  globalThis.mainThreadCalls = calls;
  const count = (call: string): void => {
    calls[call] = (calls[call] ?? 0) + 1;
  };
  const counted = (owner: object, name: string, call: string): void => {
    const original = Reflect.get(owner, name) as (...values: unknown[]) => unknown;
    Reflect.set(owner, name, function callCounted(this: unknown, ...values: unknown[]) {
      count(call);
      return original.apply(this, values);
    });
  };
  counted(ReadableStreamDefaultReader.prototype, 'read', 'framesRead');
  counted(Worker.prototype, 'postMessage', 'messagesToWorkers');
  counted(IDBDatabase.prototype, 'transaction', 'storageTransactions');
  counted(WebSocket.prototype, 'send', 'socketMessages');
  counted(globalThis, 'setTimeout', 'timers');
  counted(globalThis, 'setInterval', 'timers');
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      super.addEventListener('message', () => count('messagesFromWorkers'));
    }
  };
};
