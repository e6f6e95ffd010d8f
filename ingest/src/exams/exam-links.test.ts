import { randomUUID } from 'node:crypto';
import { NewExamSchema } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '../../test/each-database.ts';
import { localBus } from '../../test/local-bus.ts';
import { PersonalLinks } from '../auth/personal-links.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamLinks } from './exam-links.ts';
import { Exams } from './exams.ts';

const startMs = Date.parse('2026-01-05T09:00:00.750Z');
const dayMs = 86_400_000;
const secret = new TextEncoder().encode('a secret of 32 bytes for tests..');

onEachDatabase((open) => {
  let nowMs: number;
  let database: RecordsDatabase;
  let examId: string;
  let links: ExamLinks;
  let tokens: PersonalLinks;

  beforeEach(async () => {
    database = open();
    [nowMs, examId] = [startMs, `links-${randomUUID()}`];
    const now = (): number => nowMs;
    const students = new ExamStudentRecords(database);
    const attendance = new AttendanceRecords(database);
    const events = new ExamEvents(localBus());
    const exams = new Exams({ exams: new ExamRecords(database), students, attendance, events, now });
    const records = new ExamLinkRecords(database);
    tokens = new PersonalLinks(async () => secret, records);
    links = new ExamLinks({ exams, students, records, tokens, now });
    await exams.create(v.parse(NewExamSchema, { exam_id: examId }), 'tina');
    await exams.enrol(examId, { students: [{ student_id: 'ada', student_name: 'Ada Ünal' }, { student_id: 'bob' }] });
  });

  const create = (days: number, named?: string[]) =>
    links.create(examId, { valid_days: days, ...(named === undefined ? {} : { student_ids: named }) }, 'tina');
  const linkOf = async (studentId: string) =>
    (await links.list(examId, 'tina')).find((link) => link.student_id === studentId);
  const actions = async (): Promise<string[]> => {
    const rows = await database.run((db) =>
      db.selectFrom('audit').select('action').where('exam_id', '=', examId).orderBy('audit_id').execute(),
    );
    return rows.map(({ action }) => action).filter((action) => action.includes('link'));
  };

  describe('personal links', () => {
    test('are made for all students, from a whole second on, and name who made them', async () => {
      await create(2);
      expect(await links.list(examId, 'tina')).toMatchObject([
        { student_id: 'ada', student_name: 'Ada Ünal', created_at: '2026-01-05T09:00:00.000Z', created_by: 'tina' },
        { student_id: 'bob', student_name: 'bob', expires_at: '2026-01-07T09:00:00.000Z', first_used_at: null },
      ]);
    });

    test('have their token after the # only, and it opens this exam as this student', async () => {
      await create(1);
      const link = await linkOf('ada');
      expect(link?.path).toBe(`/?exam=${examId}#link=${link?.token}`);
      expect(await tokens.verify(link?.token ?? '', nowMs)).toMatchObject({ userId: 'ada', role: 'STUDENT', examId });
    });

    test('for all leave valid ones as they are, and replace those that ended', async () => {
      await create(1, ['ada']);
      await create(3);
      const [ada, bob] = [await linkOf('ada'), await linkOf('bob')];
      expect(ada?.expires_at).toBe('2026-01-06T09:00:00.000Z');
      nowMs = startMs + dayMs;
      await create(3);
      expect((await linkOf('ada'))?.expires_at).toBe('2026-01-09T09:00:00.000Z');
      expect((await linkOf('bob'))?.token).toBe(bob?.token);
    });

    test('for a named student replace a valid one, whose token stops working at once', async () => {
      await create(1);
      const before = (await linkOf('ada'))?.token ?? '';
      await create(1, ['ada', 'ada']);
      const after = (await linkOf('ada'))?.token ?? '';
      expect(await tokens.verify(before, nowMs)).toBeNull();
      expect(await tokens.verify(after, nowMs)).not.toBeNull();
    });

    test('are made for nobody if one of the named students is not enrolled', async () => {
      await expect(create(1, ['ada', 'mallory'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await links.list(examId, 'tina')).toEqual([]);
      await expect(links.create('no-exam', { valid_days: 1 }, 'tina')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    test('made by two teachers at the same time are made once', async () => {
      await Promise.all([create(1), create(1), create(1)]);
      expect(await actions()).toEqual(['exam.links_created']);
    });

    test('show no token and no path from the millisecond in which they end', async () => {
      await create(1);
      const endMs = Date.parse('2026-01-06T09:00:00.000Z');
      nowMs = endMs - 1;
      expect((await linkOf('ada'))?.token).not.toBeNull();
      nowMs = endMs;
      expect(await linkOf('ada')).toMatchObject({ token: null, path: null });
    });

    test('can be revoked once, and then replaced', async () => {
      await create(1);
      const token = (await linkOf('ada'))?.token ?? '';
      await links.revoke(examId, 'ada', 'tina');
      expect(await linkOf('ada')).toMatchObject({ token: null, revoked_at: '2026-01-05T09:00:00.750Z' });
      expect(await tokens.verify(token, nowMs)).toBeNull();
      await expect(links.revoke(examId, 'ada', 'tina')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await create(1);
      expect(await linkOf('ada')).toMatchObject({ token: expect.any(String), revoked_at: null });
    });

    test('keep the time of their first use when they are replaced', async () => {
      await create(1);
      await tokens.verify((await linkOf('ada'))?.token ?? '', startMs + 5000);
      await create(1, ['ada']);
      await tokens.verify((await linkOf('ada'))?.token ?? '', startMs + 9000);
      expect((await linkOf('ada'))?.first_used_at).toBe('2026-01-05T09:00:05.750Z');
    });

    test('are seen by each reader once in ten minutes in the audit', async () => {
      const read = async (minutes: number, actor: string): Promise<void> => {
        nowMs = startMs + minutes * 60_000;
        await links.list(examId, actor);
      };
      await read(0, 'tina');
      await read(9, 'tina');
      expect(await actions()).toEqual(['exam.links_read']);
      await read(9, 'tom');
      await read(10, 'tina');
      expect(await actions()).toHaveLength(3);
    });
  });
});
