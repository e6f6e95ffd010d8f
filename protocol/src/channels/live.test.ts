import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { ServerLiveEnvelopeSchema, proctorClientMessages, sentinelClientMessages } from './live-schemas.ts';
import {
  ProctorMessageSchema,
  SentinelMessageSchema,
  SentinelRegisterSchema,
  liveEnvelope,
  profileMaxSidePx,
} from './live.ts';
import type { LiveProfile, ServerLiveMessage } from './live.ts';

const image = { frameId: 'f1', index: 0, data: '/9j/4AAQ' };

describe('messages of a sentinel', () => {
  const frames = (count: number) => ({
    type: 'sentinel.frame',
    payload: { frames: Array.from({ length: count }, () => image) },
  });

  test.each([
    [0, true],
    [50, true],
    [51, false],
  ])('with %i frames are valid: %s', (count, valid) => {
    expect(v.is(SentinelMessageSchema, frames(count))).toBe(valid);
  });

  test('take images in a list and a single image alike, and drop unknown fields', () => {
    for (const payload of [{ frames: [image] }, { frames: [{ ...image, sentinelId: 'other' }] }, image]) {
      const parsed = v.parse(SentinelMessageSchema, { type: 'sentinel.frame', payload, timestamp: 1_696_969_420 });
      expect(parsed.payload).toEqual([image]);
    }
  });

  test.each([
    { ...image, frameId: '' },
    { ...image, frameId: 'x'.repeat(129) },
    { ...image, index: -1 },
    { ...image, index: 0.5 },
    { ...image, data: null },
  ])('refuse the frame %j', (payload) => {
    expect(v.is(SentinelMessageSchema, { type: 'sentinel.frame', payload })).toBe(false);
  });

  test.each([
    [{ pin: 123 }, { pin: 123 }],
    [{ pin: '0042' }, { pin: 42 }],
    [{}, {}],
    [{ auth: null }, { auth: null }],
  ])('register with %j', (given, parsed) => {
    expect(v.parse(SentinelRegisterSchema, given)).toEqual(parsed);
  });

  test.each([{ pin: '' }, { pin: '12a' }, { pin: '1234567890' }, { pin: null }, { auth: 7 }])(
    'do not register with %j',
    (given) => {
      expect(v.is(SentinelRegisterSchema, given)).toBe(false);
    },
  );
});

describe('messages of a proctor', () => {
  test.each([
    { type: 'proctor.register', payload: {} },
    { type: 'proctor.register', payload: { unobserved: true } },
    { type: 'proctor.set-pin', payload: { pin: 1 }, timestamp: 1 },
    { type: 'proctor.subscribe', payload: { sentinelId: 's1' } },
    { type: 'proctor.revoke-subscription', payload: { sentinelId: 's1' } },
    { type: 'proctor.set-profile', payload: { sentinelId: 's1', profile: 'LOW' } },
  ])('$type is accepted and described', (message) => {
    expect(v.parse(ProctorMessageSchema, message)).toEqual(message);
    expect(v.is((proctorClientMessages as Record<string, v.GenericSchema>)[message.type]!, message)).toBe(true);
    expect(v.is(SentinelMessageSchema, message)).toBe(false);
  });

  test.each([
    { type: 'proctor.subscribe', payload: { sentinelId: '' } },
    { type: 'proctor.subscribe', payload: {} },
    { type: 'proctor.set-pin', payload: { pin: 'x' } },
    { type: 'proctor.dance', payload: {} },
  ])('%j is refused', (message) => {
    expect(v.is(ProctorMessageSchema, message)).toBe(false);
  });

  test('read an unknown profile as MEDIUM', () => {
    const message = { type: 'proctor.set-profile', payload: { sentinelId: 's', profile: 'ULTRA' } };
    expect(v.parse(ProctorMessageSchema, message).payload).toEqual({ sentinelId: 's', profile: 'MEDIUM' });
  });

  test('are described by type, as those of a sentinel are', () => {
    expect(Object.keys(sentinelClientMessages).toSorted()).toEqual(['sentinel.frame', 'sentinel.register']);
    expect(Object.keys(proctorClientMessages)).toHaveLength(5);
  });
});

describe('messages of the server on the live channel', () => {
  const numbers = { sentinelId: 's', frameId: 'f', index: 0, data: null, features: { no_of_face: 1, timestamp: 5 } };

  test.each<ServerLiveMessage>([
    { type: 'server.registration.ack', payload: { sentinelId: 's1' } },
    { type: 'server.registration.ack', payload: { proctorId: 'p1' } },
    { type: 'server.registration.reject', payload: { reason: 'no exam with this PIN' } },
    { type: 'server.update-sentinels', payload: { sentinels: [{ sentinelId: 's1', name: 'Student One' }] } },
    { type: 'server.frame', payload: { frames: [numbers], profile: 'HIGH' } },
    {
      type: 'server.update-unobserved',
      payload: { sentinels: [{ sentinelId: 's1', since: 1_696_969_400, reason: 'no_frames' }] },
    },
    { type: 'server.set-resolution', payload: { maxSidePx: 640 } },
    { type: 'server.frame.reject', payload: { reason: 'not allowed' } },
  ])('$type is unchanged by its schema', (message) => {
    const envelope = liveEnvelope(message, 1_696_969_420_999);
    expect(envelope.timestamp).toBe(1_696_969_420);
    expect(v.parse(ServerLiveEnvelopeSchema, envelope)).toEqual(envelope);
  });

  test('have a larger image for a higher profile', () => {
    const sides = (['LOW', 'MEDIUM', 'HIGH'] satisfies LiveProfile[]).map((profile) => profileMaxSidePx[profile]);
    expect(sides).toEqual(sides.toSorted((a, b) => a - b));
  });
});
