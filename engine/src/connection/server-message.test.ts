import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseServerMessage } from './server-message.ts';

test.each([
  ['{"type":"heartbeat","session_id":"s","timestamp":"t"}', true],
  ['{"type":"ack","up_to_seq":-1,"seqs":[],"chain":null}', true],
  ['{"type":"ack","up_to_seq":3,"seqs":[[5,6]],"chain":null}', true],
  ['{"type":"ack","up_to_seq":3,"seqs":[[6,5]],"chain":null}', false],
  ['{"type":"ack","up_to_seq":"3","seqs":[],"chain":null}', false],
  ['{"type":"ack","up_to_seq":3,"seqs":[],"chain":7}', false],
  ['{"type":"welcome","up_to_seq":1.5}', false],
  ['{"type":"slow_down","retry_after_ms":null}', false],
  ['{"type":"error","code":"INVALID_FRAME","message":"m","seq":4}', true],
  ['{"type":"proctor_message","message_id":"m","text":"Hello","timestamp":"t"}', true],
  ['{"type":"proctor_message","message_id":"m","text":null,"timestamp":"t"}', false],
  ['{"type":"break","action":"begin","timestamp":"t"}', true],
  ['{"type":"break","action":"nap","timestamp":"t"}', false],
  ['{"type":"breaks","allowed":true}', true],
  ['{"type":"pictures","every_ms":2000,"now":false}', true],
  ['{"type":"pictures","every_ms":null,"now":true}', true],
  ['{"type":"pictures","every_ms":1,"now":false}', false],
  ['{"type":"pictures"}', false],
  ['{"type":"something_new"}', false],
  ['[]', false],
  ['not json', false],
])('%s is parsed: %s', (text, understood) => {
  expect(parseServerMessage(text) !== null).toBe(understood);
});

test('accepts any input without throwing, and returns only known messages', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseServerMessage(text)).toBeNull();
    }),
  );
});
