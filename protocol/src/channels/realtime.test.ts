import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { AlertsClientMessageSchema } from './alerts.ts';
import { ProctorMessageSchema, SentinelMessageSchema, liveEnvelope, profileMaxSidePx } from './live.ts';
import { ConnectRequestSchema, recoverable, unrecoverable } from './presence.ts';

describe('live', () => {
  const frame = { frameId: 'f1', index: 5, data: '/9j/4AAQ' };

  it('takes frames in a list and a frame by itself alike', () => {
    for (const payload of [{ frames: [frame] }, { frames: [{ ...frame, sentinelId: 'other' }] }, frame]) {
      const parsed = v.parse(SentinelMessageSchema, { type: 'sentinel.frame', payload, timestamp: 1696969420 });
      expect(parsed.payload).toEqual([frame]);
    }
  });

  it('counts an unknown profile as MEDIUM', () => {
    const message = { type: 'proctor.set-profile', payload: { sentinelId: 's', profile: 'ULTRA' }, timestamp: 1 };
    const parsed = v.parse(ProctorMessageSchema, message);
    expect(parsed.payload).toEqual({ sentinelId: 's', profile: 'MEDIUM' });
    expect(profileMaxSidePx).toEqual({ HIGH: 1920, MEDIUM: 1280, LOW: 640 });
  });

  it('stamps envelopes in whole unix seconds', () => {
    const sent = liveEnvelope({ type: 'server.set-resolution', payload: { maxSidePx: 640 } }, 1696969420999);
    expect(sent).toEqual({ type: 'server.set-resolution', payload: { maxSidePx: 640 }, timestamp: 1696969420 });
  });

  it('refuses a proctor’s message from a sentinel', () => {
    expect(v.is(SentinelMessageSchema, { type: 'proctor.subscribe', payload: { sentinelId: 's' } })).toBe(false);
  });
});

describe('presence', () => {
  it('needs label and classroom, and leaves a missing token to be told as such', () => {
    const request = (payload: unknown) => v.safeParse(ConnectRequestSchema, { type: 'connect_request', payload });
    expect(request({ agent_label: 'web', classroom_id: 'c1' }).output).toMatchObject({ payload: { token: null } });
    expect(request({ agent_label: 'web' }).success).toBe(false);
    expect(request({ agent_label: 'a.b', classroom_id: 'c1', token: 't' }).success).toBe(false);
  });

  it('gives each error its documented status', () => {
    expect(unrecoverable('unauthenticated')).toEqual({
      type: 'unrecoverable_session_error',
      payload: {
        type: 'unauthenticated',
        title: 'unauthenticated',
        status: 401,
      },
    });
    expect(recoverable('terminated')).toEqual({
      type: 'recoverable_session_error',
      payload: { type: 'terminated', title: 'terminated', status: 422 },
    });
  });
});

describe('alerts', () => {
  it('takes the documented ack, which names the stream alone', () => {
    expect(v.parse(AlertsClientMessageSchema, { type: 'ack', stream_id: 's1' })).toEqual({
      type: 'ack',
      stream_id: 's1',
    });
    expect(v.is(AlertsClientMessageSchema, { type: 'ack' })).toBe(false);
  });
});
