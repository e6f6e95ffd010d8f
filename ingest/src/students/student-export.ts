import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { once } from 'node:events';
import { dumpsOf } from '../analysis/frames-dump.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { StudentRecords } from '../records/student-records.ts';

export interface StudentExportOptions {
  records: StudentRecords;
  frames: FrameStore;
  dumpDir: string;
  now: () => number;
}

/**
 * Writes all that is kept of a student as one JSON object: `{format, member_id, exported_at, records: {table: rows}, dumps: [dump],
 * running: {session_id: [frame]}}`. Dumps and frames are passed on as they are read, so its size does not matter.
 */
export const writeStudentExport = async (
  { records, frames, dumpDir, now }: StudentExportOptions,
  memberId: string,
  output: Writable,
): Promise<void> => {
  const write = async (text: string | Buffer): Promise<void> => {
    if (!output.write(text)) await once(output, 'drain');
  };
  const head = {
    format: 'invigil-export/1',
    member_id: memberId,
    exported_at: new Date(now()).toISOString(),
    records: await records.all(memberId),
  };
  await write(`${JSON.stringify(head).slice(0, -1)},"dumps":[`);
  const sessions = await records.sessions(memberId);
  let separator = '';
  for (const { sessionId } of sessions) {
    for (const file of await dumpsOf(dumpDir, sessionId)) {
      await write(separator);
      for await (const chunk of createReadStream(file)) await write(chunk as Buffer);
      separator = ',';
    }
  }
  await write('],"running":{');
  separator = '';
  for (const { sessionId } of sessions.filter(({ status }) => status !== 'ended')) {
    await write(`${separator}${JSON.stringify(sessionId)}:[`);
    separator = ',';
    let first = true;
    for await (const chunk of frames.read(sessionId)) {
      await write((first ? '' : ',') + chunk.map((frame) => JSON.stringify(frame)).join(','));
      first = false;
    }
    await write(']');
  }
  await write('}}\n');
};
