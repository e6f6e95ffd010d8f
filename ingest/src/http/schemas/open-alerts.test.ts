import { expect, test } from 'vitest';
import { alertCursorOf, openAlertsQueryOf } from './open-alerts.ts';

const at = '2026-01-05T09:00:00.000Z';
const place = { asOf: at, place: 3, raisedAt: at, alertId: 's1:phone_visible-3' };

test('a cursor leads to the place where the page ended', () => {
  expect(openAlertsQueryOf({ cursor: alertCursorOf(place) })).toEqual({ limit: 50, after: place });
  expect(openAlertsQueryOf({ limit: '100' })).toEqual({ limit: 100, after: null });
});

test.each([
  { limit: '0' },
  { limit: '101' },
  { limit: 'all' },
  { cursor: '' },
  { cursor: 'x' },
  { cursor: ['a', 'b'] },
  { cursor: Buffer.from('[1,2]').toString('base64url') },
  { cursor: alertCursorOf({ ...place, alertId: 'a\0' }) },
])('%j is refused, with the field', (query) => {
  expect(() => openAlertsQueryOf(query)).toThrow(
    expect.objectContaining({ code: 'INVALID_MESSAGE', field: Object.keys(query)[0] }),
  );
});
