// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerRequests } from '../testing/requests.ts';
import { sampleExam, sampleStudent } from '../testing/sample-exam.ts';
import { createExam, enrol, fetchExam, fetchExamStatus, handIn, listExams, saveAnswer, takeStep } from './exam-api.ts';

const exam = sampleExam([sampleStudent('a-1', 'Ada')]);

beforeEach(() => {
  sessionStorage.clear();
  sessionStorage.setItem('invigil-staff-token', 'teacher');
});
afterEach(() => vi.unstubAllGlobals());

describe('the exams of a teacher', () => {
  test('are asked for with the teacher’s token', async () => {
    const sent = answerRequests({ 'GET /api/v1/exams': [200, { exams: [exam] }] });
    expect(await listExams()).toMatchObject({ ok: true, value: [{ exam_id: 'physics' }] });
    expect(sent).toEqual([{ method: 'GET', path: '/api/v1/exams', query: {}, body: null, token: 'teacher' }]);
  });

  test('are unreachable when the network is gone, or when a portal answers', async () => {
    answerRequests({ 'GET /api/v1/exams': null });
    expect(await listExams()).toEqual({ ok: false, problem: 'unreachable', detail: null });
    vi.stubGlobal('fetch', async () => new Response('<html>Sign in</html>', { status: 200 }));
    expect(await listExams()).toEqual({ ok: false, problem: 'unreachable', detail: null });
  });

  test.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'unknown'],
    [409, 'refused'],
    [500, 'refused'],
  ])('status %i is %s, with the server’s own words', async (status, problem) => {
    answerRequests({ 'GET /api/v1/exams': [status, { code: 'X', detail: 'because' }] });
    expect(await listExams()).toEqual({ ok: false, problem, detail: 'because', code: 'X' });
  });
});

describe('one exam', () => {
  test('is read in full by its teacher', async () => {
    answerRequests({ 'GET /api/v1/exams/physics': [200, exam] });
    expect(await fetchExam('physics')).toMatchObject({ ok: true, value: { students: [{ student_id: 'a-1' }] } });
  });

  test('is not a teacher’s where the server shows a student’s part of it only', async () => {
    answerRequests({
      'GET /api/v1/exams/physics': [200, { exam_id: 'physics', title: 'Physics I', status: 'WAITING' }],
    });
    expect(await fetchExam('physics')).toEqual({ ok: false, problem: 'forbidden', detail: null });
  });

  test('tells anyone its title and status, without a token', async () => {
    const sent = answerRequests({ 'GET /api/v1/exams/physics': [200, { title: 'Physics I', status: 'WAITING' }] });
    expect(await fetchExamStatus('physics')).toMatchObject({ ok: true, value: { status: 'WAITING' } });
    expect(sent[0]?.token).toBeNull();
  });

  test('has an address that is safe whatever its id is', async () => {
    const sent = answerRequests({});
    await fetchExam('a b/ü');
    expect(sent[0]?.path).toBe('/api/v1/exams/a%20b%2F%C3%BC');
  });

  test.each(['open', 'start', 'complete', 'cancel'] as const)('takes the step %s', async (step) => {
    const sent = answerRequests({ [`POST /api/v1/exams/physics/${step}`]: [200, exam] });
    expect((await takeStep('physics', step)).ok).toBe(true);
    expect(sent[0]).toMatchObject({ method: 'POST', token: 'teacher' });
  });

  test('sends the form’s values, and enrols students', async () => {
    const sent = answerRequests({
      'POST /api/v1/exams': [201, exam],
      'POST /api/v1/exams/physics/enrolments': [204, null],
    });
    expect((await createExam({ title: 'Physics I' })).ok).toBe(true);
    expect(await enrol('physics', [{ student_id: 'a-1', student_name: 'Ada' }])).toEqual({ ok: true, value: null });
    expect(sent.map(({ body }) => body)).toEqual([
      { title: 'Physics I' },
      { students: [{ student_id: 'a-1', student_name: 'Ada' }] },
    ]);
  });
});

describe('a student’s work', () => {
  test.each([
    [503, 'unreachable'],
    [429, 'refused'],
    [409, 'refused'],
  ])('that is answered with %i is the problem “%s”', async (status, problem) => {
    answerRequests({
      'POST /api/v1/exams/physics/answers': [status, {}],
      'POST /api/v1/exams/physics/submission': [status, {}],
    });
    const answer = { question_id: 'q1', question_number: 1, answer: 'four', chain: null };
    expect(await saveAnswer('s-1', 'physics', answer)).toMatchObject({ ok: false, problem });
    expect(await handIn('s-1', 'physics', { chain: null })).toMatchObject({ ok: false, problem });
  });
});
