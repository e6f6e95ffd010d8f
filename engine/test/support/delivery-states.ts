import type { DeliveryState } from '../../src/connection/delivery-state.ts';

export const deliveryCounts = {
  waitingBytes: 0,
  ackedSeq: 1,
  chain: null,
  lost: {},
  clockOffsetMs: null,
  storage: 'indexeddb',
} as const;

export const readyDelivery = (waitingFrames = 0): DeliveryState => ({
  ...deliveryCounts,
  waitingFrames,
  state: 'ready',
  transport: 'socket',
  pausedUntilMs: null,
});

export const waitingDelivery = (waitingFrames: number, attempt = 2): DeliveryState => ({
  ...deliveryCounts,
  waitingFrames,
  state: 'waiting',
  reason: 'connection_lost',
  attempt,
  retryAtMs: null,
});
