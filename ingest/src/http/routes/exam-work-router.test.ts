import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer, statusesOf } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';

let exams: ExamServer;
/** Exams that no test changes, by status. */
let shared: Record<'open' | 'start' | 'cancel', string>;
beforeAll(async () => {
  exams = await startExamServer();
  shared = {
    open: await exams.createExam({ until: 'open' }),
    start: await exams.createExam({ students: [{ student_id: 'ada' }] }),
    cancel: await exams.createExam({ until: 'cancel' }),
  };
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const work = (who: Person, examId: string, kind: string, body?: unknown) =>
  exams.ask(who, 'POST', `/exams/${examId}/${kind}`, body);
const attemptOf = async (examId: string, who: 'ada' | 'bob' = 'ada') =>
  (await exams.ask(who, 'GET', `/exams/${examId}`)).json.attempt;

const bodies = {
  progress: { passage_index: 0, question_index: 2, question_number: 3 },
  answers: { question_id: 'q1', question_number: 1, answer: 'An answer' },
  highlights: { passage_id: 'p1', text: 'a sentence' },
  violations: { violation_type: 'TAB_SWITCH' },
  submission: {},
} as const;
const kinds = Object.keys(bodies) as (keyof typeof bodies)[];

describe.each(kinds)('POST /exams/{id}/%s', (kind) => {
  const body = bodies[kind];

  test('accepts the student’s own work and an exam platform’s in a student’s name', async () => {
    const examId = await exams.createExam();
    expect((await work('ada', examId, kind, body)).status).toBeLessThan(300);
    expect((await work('root', examId, kind, { ...body, student_id: 'bob' })).status).toBeLessThan(300);
  });

  test('refuses an exam platform’s request that names no student', async () => {
    expect(await work('root', shared.start, kind, body)).toMatchObject(
      problem(400, 'INVALID_MESSAGE', 'is required: "student_id"', 'student_id'),
    );
    expect(await work('root', shared.start, kind, { ...body, student_id: 'a b' })).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /letters, digits/, 'student_id'),
    );
  });

  test('refuses teachers, students of other exams and anybody in another student’s name', async () => {
    const examId = shared.start;
    expect(await work('tina', examId, kind, { ...body, student_id: 'ada' })).toMatchObject({ status: 403 });
    expect(await work('bob', examId, kind, body)).toMatchObject({ status: 403 });
    expect(await work('bob', examId, kind, { ...body, student_id: 'ada' })).toMatchObject({ status: 403 });
    expect(await work('nobody', examId, kind, body)).toMatchObject({ status: 401 });
  });

  test('is refused before the exam starts, with its status', async () => {
    expect(await work('ada', shared.open, kind, body)).toMatchObject(problem(409, 'WRONG_STATUS', /WAITING/));
  });

  test('is refused in an exam that was cancelled', async () => {
    expect(await work('ada', shared.cancel, kind, body)).toMatchObject(problem(409, 'WRONG_STATUS', /CANCELLED/));
  });

  test('refuses a body that is a list', async () => {
    expect(await work('ada', shared.start, kind, [body])).toMatchObject(
      problem(400, 'INVALID_MESSAGE', 'the body must be a JSON object'),
    );
  });
});

describe('invalid work', () => {
  test.each([
    ['progress', { question_index: -1 }, 'question_index'],
    ['progress', { question_number: 0 }, 'question_number'],
    ['progress', { passage_index: 10_001 }, 'passage_index'],
    ['answers', { question_id: '../q' }, 'question_id'],
    ['answers', { question_number: 1.5 }, 'question_number'],
    ['answers', { answer: 'x'.repeat(20_001) }, 'answer'],
    ['answers', { answer: 7 }, 'answer'],
    ['answers', { chain: 'c'.repeat(129) }, 'chain'],
    ['highlights', { text: '' }, 'text'],
    ['highlights', { text: 'x'.repeat(10_001) }, 'text'],
    ['highlights', { passage_id: undefined }, 'passage_id'],
    ['violations', { violation_type: 'CHEATED' }, 'violation_type'],
    ['submission', { score: -1 }, 'score'],
    ['submission', { score: 'high' }, 'score'],
  ] as const)('%s with %j is refused and names the field', async (kind, change, field) => {
    const examId = shared.start;
    const answer = await work('root', examId, kind, { ...bodies[kind], student_id: 'ada', ...change });
    expect(answer).toMatchObject(problem(400, 'INVALID_MESSAGE', /./, field));
    expect(await attemptOf(examId)).toMatchObject({ progress: null, answers: [], highlights: [], submission: null });
  });
});

describe('answers', () => {
  test('are created with 201 and changed with 200; the last text stands', async () => {
    const examId = await exams.createExam();
    const texts = ['first', '', 'Ünïcödé 😀 \n two lines', 'x'.repeat(20_000)];
    const answers = [];
    for (const answer of texts) answers.push(await work('ada', examId, 'answers', { ...bodies.answers, answer }));
    expect(answers.map(({ status, json }) => [status, json.is_update])).toEqual([
      [201, false],
      [200, true],
      [200, true],
      [200, true],
    ]);
    expect(await attemptOf(examId)).toMatchObject({ answers: [{ question_id: 'q1', answer: texts.at(-1) }] });
  });

  test('to one question sent twice at once are one answer, created by one of the two', async () => {
    const examId = await exams.createExam();
    const both = await Promise.all(
      ['a', 'b'].map((answer) => work('ada', examId, 'answers', { ...bodies.answers, answer })),
    );
    expect(statusesOf(both)).toEqual([200, 201]);
    expect((await attemptOf(examId)).answers).toHaveLength(1);
  });

  test('of one student are not shown to another', async () => {
    const examId = await exams.createExam();
    await work('ada', examId, 'answers', bodies.answers);
    expect((await attemptOf(examId, 'bob')).answers).toEqual([]);
  });
});

describe('highlights and violations', () => {
  test('highlights keep their order and may repeat', async () => {
    const examId = await exams.createExam();
    for (const text of ['one', 'two', 'one']) await work('ada', examId, 'highlights', { passage_id: 'p1', text });
    const { highlights } = await attemptOf(examId);
    expect(highlights.map(({ text }: { text: string }) => text)).toEqual(['one', 'two', 'one']);
  });

  test('a violation of the same type within a second is counted once, and another type by itself', async () => {
    const examId = await exams.createExam();
    const report = async (violation_type: string) => {
      const { status, json } = await work('ada', examId, 'violations', { violation_type });
      return [status, json.recorded, json.total_count];
    };
    const both = await Promise.all([report('TAB_SWITCH'), report('TAB_SWITCH')]);
    expect(both.toSorted()).toEqual([
      [200, false, 1],
      [201, true, 1],
    ]);
    expect(await report('COPY_ATTEMPT')).toEqual([201, true, 2]);
    const { students } = (await exams.ask('tina', 'GET', `/exams/${examId}`)).json;
    expect(students[0].violations).toEqual({ TAB_SWITCH: 1, COPY_ATTEMPT: 1 });
  });
});

describe('handing in', () => {
  test('is done once; a repetition returns the first submission', async () => {
    const examId = await exams.createExam();
    const first = await work('ada', examId, 'submission');
    expect(first.json).toEqual({
      submitted_at: expect.any(String),
      score: null,
      time_taken_seconds: expect.any(Number),
    });
    expect((await work('root', examId, 'submission', { student_id: 'ada', score: 9 })).json).toEqual(first.json);
  });

  test('by five requests at once is one submission', async () => {
    const examId = await exams.createExam();
    const all = await Promise.all(Array.from({ length: 5 }, () => work('ada', examId, 'submission')));
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all.every(({ status }) => status === 200)).toBe(true);
  });

  test('stops only this student’s work', async () => {
    const examId = await exams.createExam();
    await work('ada', examId, 'submission');
    for (const kind of ['progress', 'answers', 'highlights'] as const) {
      expect(await work('ada', examId, kind, bodies[kind])).toMatchObject(
        problem(409, 'WRONG_STATUS', 'this student has already submitted'),
      );
      expect((await work('bob', examId, kind, bodies[kind])).status).toBeLessThan(300);
    }
  });

  test('with a score is for staff', async () => {
    const examId = await exams.createExam();
    expect(await work('ada', examId, 'submission', { score: 100 })).toMatchObject(
      problem(403, 'ACCESS_DENIED', 'only staff may set a score', 'score'),
    );
    expect((await attemptOf(examId)).submission).toBeNull();
    const scored = await work('root', examId, 'submission', { student_id: 'ada', score: 7.5 });
    expect(scored.json).toMatchObject({ score: 7.5 });
  });

  test('is possible for a while after the exam was completed, and other work is not', async () => {
    const examId = await exams.createExam({ until: 'complete' });
    expect(await work('ada', examId, 'answers', bodies.answers)).toMatchObject(
      problem(409, 'WRONG_STATUS', 'the exam is COMPLETED, it must be IN_PROGRESS'),
    );
    expect((await work('ada', examId, 'submission')).status).toBe(200);
  });
});
