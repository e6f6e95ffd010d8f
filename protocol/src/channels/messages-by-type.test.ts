import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { AlertsClientMessageSchema } from './alerts.ts';
import { ExamEventSchema, ExamTeacherEventSchema } from './exam.ts';
import { ProctorMessageSchema, SentinelMessageSchema } from './live.ts';
import { messagesByType } from './messages-by-type.ts';

describe('messages by type', () => {
  test('are the alternatives of a channel’s schema under their names', () => {
    const messages = messagesByType(AlertsClientMessageSchema);
    expect(Object.keys(messages)).toEqual(['ping', 'pong', 'ack']);
    expect(v.is(messages['ack']!, { type: 'ack', stream_id: 's1' })).toBe(true);
    expect(v.is(messages['ack']!, { type: 'ping' })).toBe(false);
  });

  test.each([
    ['alerts', AlertsClientMessageSchema],
    ['exam', ExamEventSchema],
    ['exam, for teachers', ExamTeacherEventSchema],
    ['sentinel', SentinelMessageSchema],
    ['proctor', ProctorMessageSchema],
  ])('lose none of the %s channel to a name that is used twice', (_name, schema) => {
    expect(Object.keys(messagesByType(schema))).toHaveLength(schema.options.length);
  });
});
