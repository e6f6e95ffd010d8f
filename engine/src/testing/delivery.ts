/** Delivery parts for this repository's own tests and tools. Not published. */
export { Connection } from '../connection/connection.ts';
export { openHttpTransport } from '../connection/http-transport.ts';
export { sha256 } from '../connection/sha256.ts';
export { openSocketTransport } from '../connection/socket-transport.ts';
export type { ClientMessage, OpenTransport, Transport, TransportEvents } from '../connection/transport.ts';
export { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
export { Outbox } from '../outbox/outbox.ts';
export type { Timers } from '../timing/timers.ts';
