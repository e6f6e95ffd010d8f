import type { ExamStatus } from '@invigil/protocol/channels';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { submitGraceMs } from '../model/exam-status.ts';
import type { Attendance } from './attendance.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamRooms } from './exam-rooms.ts';
import type { ExamMember } from './exam-rooms.ts';
import type { ExamStatistics } from './exam-stats.ts';

const at = '2026-01-05T09:00:00.000Z';
const statsMs = 15_000;
const stats = {
  total_participants: 1,
  connected_count: 1,
  submitted_count: 0,
  average_progress: 0,
  total_violations: 0,
};

class Member implements ExamMember {
  readonly got: { type: string }[] = [];
  replaced = 0;
  closedWith: ExamStatus | null = null;

  sendText(text: string): void {
    this.got.push(JSON.parse(text));
  }

  replace(): void {
    this.replaced += 1;
  }

  closeOver(status: ExamStatus): void {
    this.closedWith = status;
  }

  types(): string[] {
    return this.got.map(({ type }) => type);
  }
}

let bus: Bus;
let events: ExamEvents;
let rooms: ExamRooms;
/** The connection that holds each slot, from the records. */
let holders: Map<string, string>;
/** The exam's status in the records, if it was not announced. */
let missed: ExamStatus | null;
let statisticsFail: boolean;
let counted: number;
let logged: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  bus = localBus();
  events = new ExamEvents(bus);
  holders = new Map();
  missed = null;
  statisticsFail = false;
  counted = 0;
  logged = [];
  rooms = new ExamRooms({
    bus,
    events,
    attendance: { holds: async (slot: string, id: string) => holders.get(slot) === id } as unknown as Attendance,
    statistics: {
      async of() {
        counted += 1;
        if (statisticsFail) throw new Error('records away');
        return stats;
      },
    } as unknown as ExamStatistics,
    exams: {
      announced: async (_examId, known) =>
        missed === null || missed === known ? [] : [...(missed === 'IN_PROGRESS' ? [started] : []), status(missed)],
    },
    statsMs,
    log: pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).event) }),
    now: () => Date.parse(at),
  });
});
afterEach(async () => {
  rooms.close();
  vi.useRealTimers();
  await bus.close();
});

const enter = (userId: string, examId = 'physics') => {
  const member = new Member();
  const door = rooms.open(examId, 'SCHEDULED');
  const slot = `${examId}/${userId}`;
  const seat = { userId, isTeacher: userId.startsWith('t'), slot, connectionId: `${userId}-1` };
  holders.set(slot, seat.connectionId);
  door.join(member, seat);
  return { member, door, slot, leave: () => door.close(member) };
};
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
  await new Promise((resolve) => setImmediate(resolve));
};
const joined = (studentId: string) =>
  ({
    type: 'participant_joined',
    session_id: 'physics',
    student_id: studentId,
    connected_count: 1,
    timestamp: at,
  }) as const;
const status = (to: ExamStatus) =>
  ({ type: 'session_status_changed', session_id: 'physics', status: to, timestamp: at }) as const;
const started = {
  type: 'session_started',
  session_id: 'physics',
  timestamp: at,
  started_at: at,
  connected_students: [] as string[],
} as const;
const progress = {
  type: 'student_progress',
  session_id: 'physics',
  student_id: 'ada',
  student_name: 'Ada',
  passage_index: 0,
  question_index: 0,
  question_number: 1,
  timestamp: at,
} as const;

describe('events', () => {
  test('for everyone reach all in the room, and no other room', async () => {
    const [ada, tina, other] = [enter('ada'), enter('tina'), enter('bob', 'maths')];
    events.toAll({ type: 'waiting_room_opened', session_id: 'physics', timestamp: at });
    await settle();
    expect([ada.member.types(), tina.member.types(), other.member.types()]).toEqual([
      ['waiting_room_opened'],
      ['waiting_room_opened'],
      [],
    ]);
  });

  test('for teachers reach no student', async () => {
    const [ada, tina] = [enter('ada'), enter('tina')];
    events.toTeachers('physics', progress);
    await settle();
    expect([ada.member.types(), tina.member.types()]).toEqual([[], ['student_progress']]);
  });

  test('about a student who joined are not sent to that student', async () => {
    const [ada, bob] = [enter('ada'), enter('bob')];
    events.toAll(joined('ada'));
    await settle();
    expect([ada.member.types(), bob.member.types()]).toEqual([[], ['participant_joined']]);
  });

  test('about a student keep the order of the changes, whichever replica’s message arrives first', async () => {
    const tina = enter('tina');
    events.toAll(joined('ada'), 3);
    events.toAll({ ...joined('ada'), type: 'participant_disconnected', connected_count: 0 }, 2);
    await settle();
    expect(tina.member.got).toEqual([joined('ada')]);
  });

  test('end with the connection, and begin again with the next', async () => {
    const first = enter('ada');
    first.leave();
    first.leave();
    const second = enter('ada');
    events.toAll({ type: 'waiting_room_opened', session_id: 'physics', timestamp: at });
    await settle();
    expect([first.member.types(), second.member.types()]).toEqual([[], ['waiting_room_opened']]);
  });

  test('do not reach a connection that closed before it joined', async () => {
    const late = new Member();
    const door = rooms.open('physics', 'SCHEDULED');
    door.close(late);
    door.join(late, { userId: 'ada', isTeacher: false, slot: 's', connectionId: 'c' });
    enter('bob');
    events.toAll({ type: 'waiting_room_opened', session_id: 'physics', timestamp: at });
    await settle();
    expect(late.got).toEqual([]);
  });
});

describe('an exam that is over', () => {
  test('closes students at once and teachers after the grace for handing in', async () => {
    const [ada, tina] = [enter('ada'), enter('tina')];
    events.toAll(status('COMPLETED'));
    await settle();
    expect([ada.member.closedWith, tina.member.closedWith]).toEqual(['COMPLETED', null]);
    await vi.advanceTimersByTimeAsync(submitGraceMs - 1);
    expect(tina.member.closedWith).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(tina.member.closedWith).toBe('COMPLETED');
  });

  test('closes all connections at once when the exam was cancelled, after the last event', async () => {
    const [ada, tina] = [enter('ada'), enter('tina')];
    events.toAll(status('CANCELLED'));
    await settle();
    for (const { member } of [ada, tina]) {
      expect([member.closedWith, member.types()]).toEqual(['CANCELLED', ['session_status_changed']]);
    }
  });

  test('that ended while a connection was entering closes it, with the event that it missed', async () => {
    missed = 'COMPLETED';
    const [ada, tina] = [enter('ada'), enter('tina')];
    await settle();
    expect([ada.member.types(), ada.member.closedWith]).toEqual([['session_status_changed'], 'COMPLETED']);
    await vi.advanceTimersByTimeAsync(submitGraceMs);
    expect(tina.member.closedWith).toBe('COMPLETED');
  });

  test('that moved on announces each step once, however late another replica’s event arrives', async () => {
    const ada = enter('ada');
    await settle();
    missed = 'IN_PROGRESS';
    enter('bob');
    await settle();
    for (const event of [status('WAITING'), started, status('IN_PROGRESS')]) events.toAll(event);
    await settle();
    expect(ada.member.got).toEqual([started, status('IN_PROGRESS')]);
  });

  test('that moved on announces a step once, though the records are read between its two events', async () => {
    const ada = enter('ada');
    events.toAll(started);
    await settle();
    missed = 'IN_PROGRESS';
    enter('bob');
    await settle();
    events.toAll(status('IN_PROGRESS'));
    await settle();
    expect(ada.member.got).toEqual([started, status('IN_PROGRESS')]);
  });

  test('that moved on while the bus was too slow for a connection tells it afterwards', async () => {
    let hear: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (hear = resolve));
    const follow = events.follow.bind(events);
    events.follow = (examId, handlers) => ({ ...follow(examId, handlers), ready });
    const [ada, bob] = [enter('ada'), enter('bob')];
    await settle();
    missed = 'IN_PROGRESS';
    holders.set(bob.slot, 'bob-2');
    hear();
    await settle();
    expect(ada.member.got).toEqual([started, status('IN_PROGRESS')]);
    expect([ada.member.replaced, bob.member.replaced]).toEqual([0, 1]);
  });

  test('sets no timer when everybody left while its status was read', async () => {
    missed = 'COMPLETED';
    const tina = enter('tina');
    tina.leave();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('closes no connection when the exam only starts', async () => {
    const ada = enter('ada');
    events.toAll(status('IN_PROGRESS'));
    await settle();
    expect(ada.member.closedWith).toBeNull();
  });
});

describe('a slot that a newer connection took', () => {
  test('closes the older one only if the records name another', async () => {
    const ada = enter('ada');
    events.replaced('physics', ada.slot);
    await settle();
    expect(ada.member.replaced).toBe(0);
    holders.set(ada.slot, 'ada-2');
    events.replaced('physics', 'another-slot');
    await settle();
    expect(ada.member.replaced).toBe(0);
    events.replaced('physics', ada.slot);
    await settle();
    expect(ada.member.replaced).toBe(1);
  });
});

describe('statistics', () => {
  test('go to teachers at the interval', async () => {
    const [ada, tina] = [enter('ada'), enter('tina')];
    await vi.advanceTimersByTimeAsync(2 * statsMs);
    await settle();
    const sent = { type: 'session_stats', session_id: 'physics', stats, timestamp: at };
    expect(tina.member.got).toEqual([sent, sent]);
    expect(ada.member.got).toEqual([]);
  });

  test('are not counted for a room without teachers, nor for an empty one', async () => {
    const ada = enter('ada');
    await vi.advanceTimersByTimeAsync(statsMs);
    const tina = enter('tina');
    ada.leave();
    tina.leave();
    await vi.advanceTimersByTimeAsync(10 * statsMs);
    expect(counted).toBe(0);
  });

  test('that cannot be counted are logged, and come again when they can', async () => {
    const tina = enter('tina');
    statisticsFail = true;
    await vi.advanceTimersByTimeAsync(statsMs);
    await settle();
    expect([tina.member.got, logged]).toEqual([[], ['exam.statistics_failed']]);
    statisticsFail = false;
    await vi.advanceTimersByTimeAsync(statsMs);
    await settle();
    expect(tina.member.types()).toEqual(['session_stats']);
  });
});
