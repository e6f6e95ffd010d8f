import type { ClassroomEvent } from '@invigil/protocol/channels';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { localBus } from '../../test/local-bus.ts';
import { Classrooms } from './classrooms.ts';
import type { PresentAgent } from './classrooms.ts';

let bus: Bus;
let emptied: number;
let classrooms: Classrooms;
beforeEach(() => {
  bus = localBus();
  emptied = 0;
  classrooms = new Classrooms(bus, () => (emptied += 1));
});
afterEach(() => bus.close());

const agentOf = (agentId: string, classroomId = 'c1') => ({ agentId, classroomId });
const enter = async (agentId: string, classroomId = 'c1', admitted = Promise.resolve()) => {
  const received: string[] = [];
  const present = {
    session: { ...agentOf(agentId, classroomId) } as unknown as PresentAgent['session'],
    link: {
      onReplaced: () => received.push('replaced'),
      onTerminated: () => received.push('terminated'),
      onEvent: ({ label, payload }: ClassroomEvent) => received.push(`${label} ${String(payload)}`),
    },
    isTerminated: false,
  };
  await classrooms.enter(agentOf(agentId, classroomId), async (ready) => {
    await Promise.all([ready, admitted]);
    return present;
  });
  return { received, present };
};
const publish = async (event: Partial<ClassroomEvent>, classroomId = 'c1'): Promise<void> => {
  bus.publish(topics.classroom, [classroomId, 'x'], { type: 'event', label: 'e', payload: 1, ...event });
  await new Promise(setImmediate);
};

describe('the agents of this replica', () => {
  test('are found in their own classroom alone', async () => {
    const { present } = await enter('web.ada');
    await enter('web.ada', 'c2');
    expect(classrooms.find(agentOf('web.ada'))).toBe(present);
    expect(classrooms.find(agentOf('web.bob'))).toBeNull();
    expect(classrooms.find(agentOf('web.ada', 'c3'))).toBeNull();
    expect(classrooms.size).toBe(2);
    expect(classrooms.all()).toHaveLength(2);
  });

  test('are counted down to the last one, which is reported once', async () => {
    await enter('web.ada');
    await enter('web.bob', 'c2');
    classrooms.remove(agentOf('web.ada'));
    expect([classrooms.size, emptied]).toEqual([1, 0]);
    classrooms.remove(agentOf('web.bob', 'c2'));
    expect([classrooms.size, emptied]).toEqual([0, 1]);
  });

  test('who could not be admitted are not there, and their classroom is closed', async () => {
    const refused = classrooms.enter(agentOf('web.ada'), async () => Promise.reject(new Error('no place')));
    await expect(refused).rejects.toThrow('no place');
    expect(classrooms.size).toBe(0);
    const { received } = await enter('web.bob');
    await publish({});
    expect(received).toEqual(['e 1']);
  });
});

describe('an event of a classroom', () => {
  test('reaches all agents in it except its sender', async () => {
    const [ada, bob, other] = [await enter('web.ada'), await enter('web.bob'), await enter('web.eve', 'c2')];
    await publish({ sender_id: 'web.ada' });
    expect([ada.received, bob.received, other.received]).toEqual([[], ['e 1'], []]);
  });

  test('reaches an agent by its present link, and not one whose link has no listener', async () => {
    const ada = await enter('web.ada');
    const { link } = ada.present;
    classrooms.replaceLink(agentOf('web.ada'), { onReplaced: () => undefined, onTerminated: () => undefined });
    await publish({});
    expect(ada.received).toEqual([]);
    classrooms.replaceLink(agentOf('web.ada'), link);
    await publish({});
    expect(ada.received).toEqual(['e 1']);
  });

  test('reaches no agent that has left, while others keep the classroom open', async () => {
    const [ada, bob] = [await enter('web.ada'), await enter('web.bob')];
    classrooms.remove(agentOf('web.ada'));
    await publish({});
    expect([ada.received, bob.received]).toEqual([[], ['e 1']]);
  });

  test('reaches its receiver alone, if it has one', async () => {
    const [ada, bob] = [await enter('web.ada'), await enter('web.bob')];
    await publish({ receiver_id: 'web.bob' });
    expect([ada.received, bob.received]).toEqual([[], ['e 1']]);
  });

  test('does not reach agents that have left', async () => {
    const [ada, bob] = [await enter('web.ada'), await enter('web.bob')];
    classrooms.remove(agentOf('web.ada'));
    await publish({});
    expect([ada.received, bob.received]).toEqual([[], ['e 1']]);
  });

  test('reaches an agent who was entering while the last one left', async () => {
    let admit: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (admit = resolve));
    const slow = enter('web.slow', 'c1', waiting);
    await enter('web.ada');
    classrooms.remove(agentOf('web.ada'));
    admit();
    const { received } = await slow;
    await publish({});
    expect(received).toEqual(['e 1']);
  });

  test('announces who comes and goes', async () => {
    const ada = await enter('web.ada');
    classrooms.announce(agentOf('web.bob'), 'agent.enter', 1);
    classrooms.announce(agentOf('web.ada'), 'agent.enter', 2);
    // Bob moved to another replica, whose announcement is faster than that of the one he left.
    classrooms.announce(agentOf('web.bob'), 'agent.enter', 3);
    classrooms.announce(agentOf('web.bob'), 'agent.leave', 1);
    classrooms.announce(agentOf('web.bob'), 'agent.leave', 3);
    await new Promise(setImmediate);
    expect(ada.received).toEqual(['agent.enter web.bob', 'agent.leave web.bob']);
  });
});
