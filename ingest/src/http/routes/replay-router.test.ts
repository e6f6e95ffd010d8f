import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Replay } from '@invigil/protocol/report';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import type { Session } from '../../model/session.ts';
import { SessionReplay } from '../../reports/session-replay.ts';
import { dumpFileName } from '../../dump/frames-dump.ts';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { runSession } from '../../../test/proctored-session.ts';

let exams: ExamServer;
let shown: string;
let hidden: string;
beforeAll(async () => {
  exams = await startExamServer();
  const sessionIn = async (policy: object): Promise<string> => {
    const examId = await exams.createExam({ policy });
    return (await runSession(exams.server, examId, 'ada', exams.tokens.ada)).sessionId;
  };
  shown = await sessionIn({});
  hidden = await sessionIn({ report_to_student: false });
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const replayOf = async (who: Exclude<Person, 'nobody'>, id: string, query = ''): Promise<Replay> => {
  const response = await fetch(`${exams.server.origin}/api/v1/session/${id}/replay${query}`, {
    headers: exams.as[who],
  });
  expect(response.status).toBe(200);
  return new Replay(Number(response.headers.get('replay-start')), new Uint8Array(await response.arrayBuffer()));
};
const ask = (who: Person, id: string, query = '') => exams.ask(who, 'GET', `/session/${id}/replay${query}`);

test('a replay shows what an observation says, at its time', async () => {
  const { json: report } = await exams.ask('tina', 'GET', `/session/${shown}/report`);
  const replay = await replayOf('tina', shown);
  expect(replay.count).toBe(report.integrity.frames);
  const [phone] = report.observations;
  const at = (ms: number) => replay.value(replay.indexAt(ms - replay.startMs), 'phone_present');
  expect([at(phone.from_ms), at(phone.to_ms)]).toEqual([1, 1]);
  expect([at(phone.from_ms - 1), at(phone.to_ms + 200)]).toEqual([0, 0]);
});

test('can be limited to a time span', async () => {
  const whole = await replayOf('root', shown);
  const fromMs = whole.startMs + whole.timeMs(100);
  const part = await replayOf('ada', shown, `?from_ms=${fromMs}&to_ms=${fromMs + 2000}`);
  expect([part.count, part.timeMs(0)]).toEqual([10, whole.timeMs(100)]);
});

test('is for its student only where the exam shows reports, and for nobody else', async () => {
  expect(await ask('ada', hidden)).toMatchObject(problem(403, 'ACCESS_DENIED', /does not show its reports/));
  expect((await ask('bob', shown)).status).toBe(403);
  expect((await ask('tom', shown)).status).toBe(403);
});

test('refuses invalid times', async () => {
  for (const query of ['from_ms=yesterday', 'to_ms=-1']) {
    expect(await ask('tina', hidden, `?${query}`)).toMatchObject(problem(400, 'INVALID_MESSAGE', /milliseconds/));
  }
});

test('while a session is ending, comes from the stored frames', async () => {
  const frame = { frame_id: '0', seq: 0, timestamp: 1, received_at: 1, no_of_face: 1 };
  const read = async function* () {
    yield [frame];
  };
  const replay = new SessionReplay({ frames: { read }, dumpDir: exams.server.dumpDir });
  const session = { sessionId: 'ending', status: 'ending' } as Session;
  const found = [];
  for await (const chunk of (await replay.of(session, { fromMs: 0, toMs: 10 })) ?? []) found.push(...chunk);
  expect(found).toEqual([frame]);
});

test('is gone with the frames', async () => {
  await rm(join(exams.server.dumpDir, dumpFileName(hidden)));
  expect(await ask('tina', hidden)).toMatchObject(problem(404, 'NOT_FOUND', /expired/));
});
