import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from '../model/session.ts';
import type { StudentRecords } from '../records/student-records.ts';

/** Fewer than a database's variable limit per statement, and few enough for one turn of the event loop. */
export const pageSessions = 200;

/** A student's sessions, of all exams or of one, a page at a time; yields to other work in between. */
export const sessionPages = async function* (
  records: Pick<StudentRecords, 'sessions'>,
  memberId: string,
  onlyExam: string | null = null,
): AsyncGenerator<Session[]> {
  let after = '';
  for (;;) {
    const page = await records.sessions(memberId, after, pageSessions);
    const wanted = onlyExam === null ? page : page.filter(({ examId }) => examId === onlyExam);
    if (wanted.length > 0) yield wanted;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSessions) return;
    after = last.sessionId;
    await nextTurn();
  }
};
