import { describe, expect, test } from 'vitest';
import { deliveryCounts, readyDelivery as ready } from '../../../test/support/delivery-states.ts';
import type { DeliveryState } from '../../connection/delivery-state.ts';
import { deliveryStatus } from './delivery-status.ts';
import { elementTexts } from '../texts/element-texts.ts';

const texts = elementTexts('en').delivery;
const waiting = (reason: 'connection_lost' | 'token_unavailable' | 'not_started'): DeliveryState => ({
  ...deliveryCounts,
  waitingFrames: 40,
  state: 'waiting',
  reason,
  attempt: 3,
  retryAtMs: null,
});

describe('the delivery line', () => {
  test('is quiet about normal traffic', () => {
    expect(deliveryStatus(ready(15), texts, true)).toEqual({ text: 'Everything has been delivered', calm: true });
    expect(deliveryStatus(ready(16), texts, true)).toEqual({ text: 'Sending, 16 in progress', calm: true });
  });

  test('trusts a working connection over the browser’s offline hint', () => {
    expect(deliveryStatus(ready(40), texts, false)).toEqual({ text: 'Sending, 40 in progress', calm: true });
  });

  test('distinguishes a missing network, an unreachable server and an expired token', () => {
    const said = [
      deliveryStatus(waiting('connection_lost'), texts, false),
      deliveryStatus(waiting('connection_lost'), texts, true),
      deliveryStatus(waiting('token_unavailable'), texts, true),
    ];
    expect(said.map(({ text }) => text.split(/[.,]| and /)[0])).toEqual([
      'Offline',
      'No connection at the moment',
      'Your access has expired',
    ]);
    expect(said.every(({ text, calm }) => text.includes('40') && !calm)).toBe(true);
  });

  test('is quiet before the first frame and after the end, but not after a refusal', () => {
    const ended = (reason: 'stopped' | 'refused'): DeliveryState => ({
      ...deliveryCounts,
      waitingFrames: 0,
      state: 'ended',
      reason,
    });
    expect(deliveryStatus(null, texts, true).calm).toBe(true);
    expect(deliveryStatus(waiting('not_started'), texts, true).calm).toBe(true);
    expect(deliveryStatus(ended('stopped'), texts, true).calm).toBe(true);
    expect(deliveryStatus(ended('refused'), texts, true).calm).toBe(false);
  });
});
