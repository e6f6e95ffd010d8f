import { describe, expect, test } from 'vitest';
import {
  deliveryCounts,
  readyDelivery as ready,
  waitingDelivery as waiting,
} from '../../../test/support/delivery-states.ts';
import type { DeliveryState } from '../../connection/delivery-state.ts';
import { languages } from '../../i18n/language.ts';
import { elementTexts } from '../texts/element-texts.ts';
import { nextAnnouncement, noAnnouncement } from './delivery-announcement.ts';

const texts = elementTexts('en').delivery;
const opening = (waitingFrames: number, attempt: number): DeliveryState => ({
  ...deliveryCounts,
  waitingFrames,
  state: 'opening',
  attempt,
  transport: 'socket',
});
const ended = (reason: 'replaced' | 'refused' | 'stopped'): DeliveryState => ({
  ...deliveryCounts,
  waitingFrames: 0,
  state: 'ended',
  reason,
});

/** What is read out while delivery goes through these states: each text once, when it changes. */
const spoken = (
  states: readonly (readonly [state: DeliveryState | null, online?: boolean])[],
  own = texts,
): string[] => {
  let announcement = noAnnouncement;
  const said: string[] = [];
  for (const [state, online = true] of states) {
    const next = nextAnnouncement(announcement, state, own, online);
    if (next.text !== announcement.text) said.push(next.text);
    announcement = next;
  }
  return said;
};

describe('what a screen reader says about delivery', () => {
  test('is nothing while everything goes well', () => {
    expect(spoken([[null], [opening(0, 1)], [ready()], [ready(40)], [ready()]])).toEqual([]);
  });

  test('is two sentences in an outage of minutes, with every attempt and number in between', () => {
    const outage = Array.from({ length: 300 }, (_, second) => {
      const state = second % 7 === 3 ? opening(second * 5, 1 + second) : waiting(second * 5, 1 + second);
      return [state, second % 50 < 25] as const;
    });
    expect(spoken([[ready()], ...outage, [ready(900)], [ready(300)], [ready()]])).toEqual([
      'No connection at the moment. Continue with the exam',
      'Everything has been delivered',
    ]);
  });

  test('is said again in the next outage', () => {
    expect(spoken([[waiting(9)], [ready()], [waiting(9)], [ready()]])).toHaveLength(4);
  });

  test('says at once that delivery has ended for good, also during an outage', () => {
    expect(spoken([[waiting(9)], [ended('refused')]]).at(-1)).toBe(texts.refused);
    expect(spoken([[ready()], [ended('replaced')]])).toEqual([texts.replaced]);
    expect(spoken([[ready()], [ended('stopped')]])).toEqual([]);
  });

  test.each(languages)('holds no number and no loose end in %s', (language) => {
    const own = elementTexts(language).delivery;
    const paused: DeliveryState = { ...ready(9), pausedUntilMs: 5 } as DeliveryState;
    const expired: DeliveryState = { ...waiting(9), reason: 'token_unavailable' } as DeliveryState;
    for (const [state, online] of [
      [paused, true],
      [expired, true],
      [waiting(9), true],
      [waiting(9), false],
    ] as const) {
      const [said = ''] = spoken([[state, online]], own);
      expect(said).toMatch(/^\p{L}[^{}\d;]+\p{L}$/u);
    }
  });

  test('leaves the number out of a page’s own text too', () => {
    const own = { ...texts, waiting: 'Keine Verbindung, {count} warten.' };
    expect(spoken([[waiting(9)]], own)).toEqual(['Keine Verbindung']);
  });
});
