import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { webhookHeaders } from './webhook-signature.ts';

test('signs id, time and body as the specification requires', () => {
  const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
  const nowMs = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
  fc.assert(
    fc.property(key, fc.uuid(), nowMs, fc.string({ unit: 'grapheme' }), (secret, id, now, body) => {
      const seconds = String(Math.floor(now / 1000));
      // Node's own HMAC, so that the library is not checked against itself.
      const expected = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64');
      expect(webhookHeaders(secret, id, now, body)).toEqual({
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${expected}`,
      });
    }),
  );
});
