import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestIdOf } from './request-id.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the id of a request', () => {
  test.each(['0af7651916cd43dd8448eb211c80319c', '8d3d6f0a-9f1c-4c1e-8b57-0a3c5f3b1d11', '7D2A90B1'])(
    'is its X-Request-Id: %s',
    (id) => expect(requestIdOf({ 'x-request-id': id, traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).toBe(id),
  );

  test('is the trace id of its traceparent, if it has no X-Request-Id', () => {
    expect(requestIdOf({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).toBe(traceId);
    expect(requestIdOf({ traceparent: `cc-${traceId}-00f067aa0ba902b7-01-what-the-future-will-be` })).toBe(traceId);
  });

  test.each([
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${traceId}-00f067aa0ba902b7`,
    '',
  ])('is new, if the traceparent is invalid: "%s"', (traceparent) =>
    expect(requestIdOf({ traceparent })).toMatch(uuid),
  );

  test.each(['ada-lovelace', 'abc', '', 'f'.repeat(65), '{"event":"forged"}', 'deadbeef\n', '-deadbeef-'])(
    'is new, if the X-Request-Id could be a name, a token or another line: %j',
    (id) => expect(requestIdOf({ 'x-request-id': id })).toMatch(uuid),
  );

  test('never holds more than hexadecimal digits and hyphens', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, traceparent) => {
        expect(requestIdOf({ 'x-request-id': id, traceparent })).toMatch(/^[0-9a-fA-F-]{8,64}$/);
      }),
    );
  });
});
