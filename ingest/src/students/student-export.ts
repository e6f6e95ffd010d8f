import { join } from 'node:path';
import { dumpFrames } from '../dump/dump-frames.ts';
import { dumpReadings } from '../dump/dump-readings.ts';
import { dumpFileName, dumpOf, openDump } from '../dump/frames-dump.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { Session } from '../model/session.ts';
import type { Row, StudentRecords } from '../records/student-records.ts';
import { studentTables } from '../records/student-tables.ts';
import type { StudentTable } from '../records/student-tables.ts';
import type { Tables } from '../records/tables.ts';
import { studentRow } from './export-view.ts';
import type { ExportView } from './export-view.ts';
import { isoTime } from '../time/iso-time.ts';
import { sessionPages } from './session-pages.ts';

export interface StudentExportOptions {
  records: StudentRecords;
  frames: FrameStore;
  dumpDir: string;
  isReportVisible: ExportView['isReportVisible'];
  now: () => number;
}

/** A row with the exam of its session. */
interface Found {
  row: Row;
  examId: string | null;
}

/**
 * All data about a student, as the pieces of one JSON object: `{format, member_id, exported_at, records: {table: rows},
 * dumps: [dump], running: {session_id: [frame]}}`. It is streamed as it is read, so memory use does not grow with its size. Sessions may end
 * meanwhile: each one's frames are in `dumps` or `running`, once.
 * @param reader whether the student reads it (see `studentRow`) or an administrator, who gets everything
 * @param onlyExam leaves out the data of all other exams
 */
export const studentExport = async function* (
  options: StudentExportOptions,
  memberId: string,
  reader: 'student' | 'admin',
  onlyExam: string | null = null,
): AsyncGenerator<string | Buffer> {
  const { records, frames, dumpDir, now } = options;
  const head = {
    format: 'invigil-export/1',
    member_id: memberId,
    ...(onlyExam === null ? {} : { exam_id: onlyExam }),
    exported_at: isoTime(now()),
  };
  const pages = () => sessionPages(records, memberId, onlyExam);
  yield `${JSON.stringify(head).slice(0, -1)},"records":{`;
  yield* recordsOf(options, memberId, reader, onlyExam);
  yield '},"dumps":[';
  let separator = '';
  const dumped = new Set<string>();
  // A restored backup may have the dump of a session that runs.
  const isRest = ({ sessionId, status }: Session): boolean => status === 'running' || !dumped.has(sessionId);
  for await (const sessions of pages()) {
    for (const { sessionId, examId } of sessions) {
      const isWhole = reader === 'admin' || (await options.isReportVisible(examId));
      const file = await openDump(dumpDir, sessionId);
      if (file === null) continue;
      dumped.add(sessionId);
      if (separator !== '') yield separator;
      for await (const chunk of isWhole ? file.createReadStream() : dumpReadings(file)) yield chunk as string | Buffer;
      separator = ',';
    }
  }
  yield '],"running":{';
  separator = '';
  for await (const sessions of pages()) {
    for (const { sessionId, status } of sessions.filter(isRest)) {
      if (status === 'ended' && (await dumpOf(dumpDir, sessionId)) === null) continue;
      yield `${separator}${JSON.stringify(sessionId)}:[`;
      separator = ',';
      let first = true;
      // A dump that `dumps` already has belongs to a session that runs again after a restore.
      const dump = dumped.has(sessionId) ? null : dumpDir;
      for await (const texts of frameTexts(frames, dump, sessionId)) {
        if (texts.length > 0) yield (first ? '' : ',') + texts.join(',');
        first &&= texts.length === 0;
      }
      yield ']';
    }
  }
  yield '}}\n';
};

/**
 * The frames of a session. It may end at any time; then its frames leave the store, and its dump has all of them.
 * @param dumpDir null: without the frames that only a dump has
 */
const frameTexts = async function* (
  frames: FrameStore,
  dumpDir: string | null,
  sessionId: string,
): AsyncGenerator<string[]> {
  const shown = new Set<string>();
  try {
    for await (const chunk of frames.readTexts(sessionId)) {
      for (const { frame_id: frameId } of chunk) shown.add(frameId);
      yield chunk.map(({ text }) => text);
    }
  } catch (error) {
    if (dumpDir === null || (await dumpOf(dumpDir, sessionId)) === null) throw error;
  }
  if (dumpDir === null) return;
  for await (const chunk of dumpFrames(join(dumpDir, dumpFileName(sessionId)))) {
    yield chunk.filter(({ frame_id: frameId }) => !shown.has(frameId)).map((frame) => JSON.stringify(frame));
  }
};

/** The rows of all tables, by table; empty tables are omitted. */
const recordsOf = async function* (
  options: StudentExportOptions,
  memberId: string,
  reader: 'student' | 'admin',
  onlyExam: string | null,
): AsyncGenerator<string> {
  const view: ExportView = { memberId, isReportVisible: options.isReportVisible };
  const audit = { table: 'audit', column: 'session_id', holds: 'session' } as const;
  let tables = 0;
  for (const table of [...studentTables, audit]) {
    let rows = 0;
    for await (const { row, examId } of foundIn(options.records, table, memberId, onlyExam)) {
      const shown = reader === 'admin' ? row : await studentRow(view, table.table, row, examId);
      if (shown === null) continue;
      if (rows === 0) yield `${tables === 0 ? '' : ','}${JSON.stringify(table.table)}:[`;
      yield (rows === 0 ? '' : ',') + JSON.stringify(shown);
      rows += 1;
    }
    if (rows === 0) continue;
    yield ']';
    tables += 1;
  }
};

const foundIn = async function* (
  records: StudentRecords,
  table: StudentTable & { table: keyof Tables },
  memberId: string,
  onlyExam: string | null,
): AsyncGenerator<Found> {
  const isWanted = (row: Row): boolean =>
    onlyExam === null || row['exam_id'] === onlyExam || row['classroom_id'] === onlyExam;
  if (table.holds !== 'session') {
    for await (const rows of records.rowsOfStudent(table, memberId)) {
      for (const row of rows) if (isWanted(row)) yield { row, examId: null };
    }
    return;
  }
  for await (const sessions of sessionPages(records, memberId, onlyExam)) {
    const examOf = new Map(sessions.map(({ sessionId, examId }) => [sessionId, examId]));
    for (const row of await records.rowsOfSessions(table.table, [...examOf.keys()])) {
      yield { row, examId: examOf.get(String(row['session_id'])) ?? null };
    }
  }
  if (table.table !== 'audit') return;
  for (const row of await records.auditOfActor(memberId)) if (isWanted(row)) yield { row, examId: null };
};
