import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { ServerPresenceMessageSchema } from './presence-schemas.ts';
import {
  ClassroomEventSchema,
  ConnectRequestSchema,
  recoverableErrors,
  unrecoverableErrors,
  agentIdOf,
  recoverable,
  unrecoverable,
} from './presence.ts';
import type { UnrecoverableError } from './presence.ts';

describe('connecting an agent', () => {
  const payload = { agent_label: 'web', classroom_id: 'c1', token: 't' };

  test.each([
    [payload, true],
    [{ ...payload, token: null }, true],
    [{ ...payload, agent_label: 'x'.repeat(64) }, true],
    [{ ...payload, agent_label: 'x'.repeat(65) }, false],
    [{ ...payload, agent_label: '' }, false],
    [{ ...payload, agent_label: 'a.b' }, false],
    [{ ...payload, classroom_id: 'c/1' }, false],
    [{ ...payload, token: 7 }, false],
  ])('%j is valid: %s', (given, valid) => {
    expect(v.is(ConnectRequestSchema, { type: 'connect_request', payload: given })).toBe(valid);
  });

  test('reads a missing token as null, so that the server can answer unauthenticated', () => {
    const { token: _token, ...rest } = payload;
    const parsed = v.parse(ConnectRequestSchema, { type: 'connect_request', payload: rest });
    expect(parsed.payload.token).toBeNull();
  });

  test('gives each agent of a user its own id', () => {
    expect(agentIdOf('web', 'u1')).toBe('web.u1');
    expect(agentIdOf('phone', 'u1')).not.toBe(agentIdOf('web', 'u1'));
  });
});

describe('errors of the presence channel', () => {
  test.each(Object.entries(unrecoverableErrors))('%s has the documented status %i', (type, status) => {
    const message = unrecoverable(type as UnrecoverableError);
    expect(message).toEqual({ type: 'unrecoverable_session_error', payload: { type, title: type, status } });
    expect(v.parse(ServerPresenceMessageSchema, message)).toEqual(message);
  });

  test('a shutdown of the replica is recoverable', () => {
    expect(Object.keys(recoverableErrors)).toEqual(['terminated']);
    expect(v.is(ServerPresenceMessageSchema, recoverable('terminated'))).toBe(true);
    const wrong = { ...unrecoverable('replaced'), type: 'recoverable_session_error' };
    expect(v.is(ServerPresenceMessageSchema, wrong)).toBe(false);
  });
});

describe('events of a classroom', () => {
  test.each([
    { type: 'event', label: 'agent.enter', payload: { agent_id: 'web.u1' } },
    { type: 'event', label: 'note', payload: null, sender_id: 'web.u1', receiver_id: 'web.u2' },
  ])('%j is accepted', (event) => {
    expect(v.parse(ClassroomEventSchema, event)).toEqual(event);
  });

  test('need a label', () => {
    expect(v.is(ClassroomEventSchema, { type: 'event', payload: {} })).toBe(false);
  });
});
