import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { localBus } from '../../test/local-bus.ts';
import { AgentTakeover } from './agent-takeover.ts';
import type { Agent } from './agent.ts';

const ada: Agent = { classroomId: 'c.1', agentId: 'web.ada' };
let bus: Bus;
beforeEach(() => {
  bus = localBus();
});
afterEach(async () => {
  vi.useRealTimers();
  await bus.close();
});

test('the owner releases the agent before the request resolves', async () => {
  const steps: string[] = [];
  const release = async (agent: Agent): Promise<void> => {
    await Promise.resolve();
    steps.push(`released ${agent.classroomId} ${agent.agentId}`);
  };
  const owner = new AgentTakeover({ replicaId: 'owner', bus, release });
  const newcomer = new AgentTakeover({ replicaId: 'newcomer', bus, release: async () => void steps.push('wrong one') });
  await newcomer.requestFrom('owner', ada);
  steps.push('resolved');
  expect(steps).toEqual(['released c.1 web.ada', 'resolved']);
  owner.close();
  newcomer.close();
});

test('an owner that does not answer in time counts as dead', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const newcomer = new AgentTakeover({ replicaId: 'newcomer', bus, release: async () => undefined });
  let isResolved = false;
  const request = newcomer.requestFrom('dead', ada).then(() => (isResolved = true));
  await vi.advanceTimersByTimeAsync(1999);
  expect(isResolved).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await request;
  expect(isResolved).toBe(true);
  newcomer.close();
});

test('a closed takeover no longer releases agents', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const release = vi.fn<(agent: Agent) => Promise<void>>(async () => undefined);
  new AgentTakeover({ replicaId: 'owner', bus, release }).close();
  const newcomer = new AgentTakeover({ replicaId: 'newcomer', bus, release });
  const request = newcomer.requestFrom('owner', ada);
  await vi.advanceTimersByTimeAsync(2000);
  await request;
  expect(release).not.toHaveBeenCalled();
  newcomer.close();
});
