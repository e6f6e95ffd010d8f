import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { localBus } from '../../test/local-bus.ts';
import { AgentSessionRecords } from '../records/agent-session-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ReplicaRecords } from '../records/replica-records.ts';
import { recordBeatMs } from '../replicas/liveness.ts';
import { ReplicaHeartbeat } from '../replicas/replica-heartbeat.ts';
import { PresenceService } from './presence-service.ts';
import type { AgentLink } from './agent.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const log = pino({ level: 'silent' });
const agent = { agentId: 'web.ada', classroomId: 'c1' };

let folder: string;
let database: RecordsDatabase;
let records: AgentSessionRecords;
let replicas: ReplicaRecords;
let heartbeats: ReplicaHeartbeat[];
let bus: Bus;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-presence-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new AgentSessionRecords(database);
  replicas = new ReplicaRecords(database);
  heartbeats = [];
  bus = localBus();
  nowMs = Date.UTC(2026, 0, 5, 9);
});
afterEach(async () => {
  for (const heartbeat of heartbeats) await heartbeat.close();
  await bus.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const now = (): number => nowMs;
const replica = (replicaId: string): PresenceService => {
  const heartbeat = new ReplicaHeartbeat({ replicaId, records: replicas, log, now });
  heartbeats.push(heartbeat);
  return new PresenceService({ heartbeat, bus, records, log, now });
};
const link = () => {
  const received: string[] = [];
  const own: AgentLink = {
    onReplaced: () => received.push('replaced'),
    onTerminated: () => received.push('terminated'),
    onEvent: ({ label, payload }) => received.push(`${label} ${String(payload)}`),
  };
  return { ...own, received };
};
const history = () => database.run((db) => db.selectFrom('agent_session_history').selectAll().execute());
const listed = async () => (await records.list('c1', 0, 100)).map(({ agentId }) => agentId);

describe('presence', () => {
  test('the late close of a replaced link changes nothing', async () => {
    const here = replica('a');
    const [first, second] = [link(), link()];
    const leaveFirst = await here.enter(agent, first);
    const leaveSecond = await here.enter(agent, second);
    expect(first.received).toEqual(['replaced']);
    await leaveFirst();
    expect(await listed()).toEqual(['web.ada']);
    await leaveSecond();
    expect(await listed()).toEqual([]);
    await here.close();
  });

  test('two links that enter at once are one agent, on one replica and on two', async () => {
    const [here, there] = [replica('a'), replica('b')];
    const links = Array.from({ length: 6 }, link);
    await Promise.all(links.map((own, index) => (index % 2 === 0 ? here : there).enter(agent, own)));
    expect(await listed()).toEqual(['web.ada']);
    expect(links.filter(({ received }) => !received.includes('replaced'))).toHaveLength(1);
    await here.close();
    await there.close();
    expect(await listed()).toEqual([]);
  });

  test('an agent that was asked to move is not also reported as replaced', async () => {
    const [here, there] = [replica('a'), replica('b')];
    const [old, moved] = [link(), link()];
    const leave = await here.enter(agent, old);
    const drained = here.drain(60_000);
    await there.enter(agent, moved);
    await drained;
    await leave();
    expect(old.received).toEqual(['terminated']);
    expect(await listed()).toEqual(['web.ada']);
    await here.close();
    await there.close();
  });

  test('agents of a dead replica are removed by the others, and those of live replicas are not', async () => {
    const dead = { replicaId: 'dead', startedAt: new Date(nowMs).toISOString() };
    await replicas.beat('dead', new Date(nowMs).toISOString());
    await records.enter({ ...agent, ...dead });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const here = replica('a');
      const watching = link();
      await here.enter({ agentId: 'web.tina', classroomId: 'c1' }, watching);
      await waitUntil(async () => {
        nowMs += 31_000;
        vi.advanceTimersByTime(recordBeatMs);
        return (await listed()).length === 1;
      });
      expect(await listed()).toEqual(['web.tina']);
      const [gone] = await history();
      expect(gone).toMatchObject({ agent_id: 'web.ada', started_at: dead.startedAt });
      await here.close();
    } finally {
      vi.useRealTimers();
    }
  });

  test('the crowd of a dead replica is removed in a few transactions', async () => {
    const startedAt = new Date(nowMs).toISOString();
    const ids = Array.from({ length: 100 }, (_, index) => `web.s${index}`);
    await Promise.all(
      ids.map((agentId) => records.enter({ agentId, classroomId: 'c1', replicaId: 'dead', startedAt })),
    );
    const here = replica('a');
    const transactions = vi.spyOn(database, 'runFleeting');
    await here.removeOrphans();
    expect(await listed()).toEqual([]);
    expect(transactions.mock.calls.length).toBeLessThan(10);
    await here.close();
  });

  test('a departure is announced once, and not by a replica that no longer has the agent', async () => {
    const [here, there] = [replica('a'), replica('b')];
    const watching = link();
    await there.enter({ agentId: 'web.tina', classroomId: 'c1' }, watching);
    const leave = await here.enter(agent, link());
    // Another replica took over without waiting for confirmation, as after a timeout.
    const [session] = (await records.list('c1', 0, 10)).filter(({ agentId }) => agentId === agent.agentId);
    if (session === undefined) throw new Error('not entered');
    await records.leave(session, new Date(nowMs).toISOString());
    await records.enter({ ...agent, replicaId: 'b', startedAt: new Date(nowMs).toISOString() });
    await leave();
    await here.close();
    expect(await listed()).toContain('web.ada');
    expect(watching.received).not.toContain('agent.leave web.ada');
    await there.close();
  });

  test('stopping announces the departure of every agent once', async () => {
    const [here, there] = [replica('a'), replica('b')];
    const watching = link();
    await there.enter({ agentId: 'web.tina', classroomId: 'c1' }, watching);
    const ids = Array.from({ length: 8 }, (_, index) => `web.s${index}`);
    const leaves = await Promise.all(ids.map((agentId) => here.enter({ agentId, classroomId: 'c1' }, link())));
    // Half of the agents close their own connection in the meantime.
    for (const leave of leaves.slice(4)) void leave();
    await here.close();
    await Promise.all(leaves.map((leave) => leave()));
    await waitUntil(
      () => watching.received.filter((received) => received.startsWith('agent.leave')).length >= ids.length,
    );
    const left = watching.received.filter((received) => received.startsWith('agent.leave'));
    expect(left.toSorted()).toEqual(ids.map((id) => `agent.leave ${id}`));
    await there.close();
  });

  test('an agent of a dead replica can enter at once', async () => {
    await records.enter({ ...agent, replicaId: 'dead', startedAt: new Date(nowMs).toISOString() });
    const here = replica('a');
    await here.enter(agent, link());
    expect((await records.list('c1', 0, 10)).map(({ replicaId }) => replicaId)).toEqual(['a']);
    expect(await history()).toHaveLength(1);
    await here.close();
  });

  test('an agent that enters as the last one leaves is present and receives events', async () => {
    const here = replica('a');
    const coming = link();
    const leaveFirst = await here.enter({ agentId: 'web.tina', classroomId: 'c1' }, link());
    const [leave] = await Promise.all([here.enter(agent, coming), leaveFirst()]);
    expect(here.size).toBe(1);
    await here.enter({ agentId: 'web.bob', classroomId: 'c1' }, link());
    await waitUntil(() => coming.received.includes('agent.enter web.bob'));
    await leave();
    expect(await listed()).toEqual(['web.bob']);
    await here.close();
  });

  test('agents of a replica that was wrongly declared dead are restored, except those that connected elsewhere', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const [here, there] = [replica('a'), replica('b')];
      const [staying, moved, watching] = [link(), link(), link()];
      const mover = { agentId: 'web.bob', classroomId: 'c1' };
      await here.enter(agent, staying);
      await here.enter(mover, moved);
      // Only `here` could not reach the records, so the other replica runs its check first.
      nowMs += 31_000;
      await replicas.remove('a');
      for (const orphan of await records.orphans(10)) await records.leave(orphan, new Date(nowMs).toISOString());
      expect(await listed()).toEqual([]);
      await there.enter(mover, link());
      await there.enter({ agentId: 'web.tina', classroomId: 'c1' }, watching);
      vi.advanceTimersByTime(5000);
      await waitUntil(() => watching.received.includes('agent.enter web.ada'));
      await waitUntil(() => moved.received.includes('replaced'));
      expect(staying.received).not.toContain('replaced');
      await expect.poll(async () => (await listed()).toSorted()).toEqual(['web.ada', 'web.bob', 'web.tina']);
      expect(here.size).toBe(1);
      await here.close();
      await there.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
