import { ExtraTimeRecords } from '../src/records/extra-time-records.ts';
import type { RecordsDatabase } from '../src/records/records-database.ts';

/** Gives one student extra time, as a teacher would. */
export const giveExtraTime = async (
  database: RecordsDatabase,
  examId: string,
  studentId: string,
  minutes: number,
): Promise<void> => {
  const at = '2026-01-05T09:00:00.000Z';
  const given = { examId, minutes, studentIds: [studentId], requestId: null, actor: 'tina', at };
  await new ExtraTimeRecords(database).give(given);
};
