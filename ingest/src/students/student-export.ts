import { createReadStream } from 'node:fs';
import { dumpsOf } from '../dump/frames-dump.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { StudentRecords } from '../records/student-records.ts';
import { isoTime } from '../time/iso-time.ts';

export interface StudentExportOptions {
  records: StudentRecords;
  frames: FrameStore;
  dumpDir: string;
  now: () => number;
}

/**
 * All that is kept of a student, as the pieces of one JSON object: `{format, member_id, exported_at, records: {table: rows}, dumps:
 * [dump], running: {session_id: [frame]}}`. Dumps and frames are passed on as they are read, so its size does not matter.
 */
export async function* studentExport(
  { records, frames, dumpDir, now }: StudentExportOptions,
  memberId: string,
): AsyncGenerator<string | Buffer> {
  const head = {
    format: 'invigil-export/1',
    member_id: memberId,
    exported_at: isoTime(now()),
    records: await records.all(memberId),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"dumps":[`;
  const sessions = await records.sessions(memberId);
  let separator = '';
  for (const { sessionId } of sessions) {
    for (const file of await dumpsOf(dumpDir, sessionId)) {
      if (separator !== '') yield separator;
      for await (const chunk of createReadStream(file)) yield chunk as Buffer;
      separator = ',';
    }
  }
  yield '],"running":{';
  separator = '';
  for (const { sessionId } of sessions.filter(({ status }) => status !== 'ended')) {
    yield `${separator}${JSON.stringify(sessionId)}:[`;
    separator = ',';
    let first = true;
    for await (const chunk of frames.read(sessionId)) {
      yield (first ? '' : ',') + chunk.map((frame) => JSON.stringify(frame)).join(',');
      first = false;
    }
    yield ']';
  }
  yield '}}\n';
}
