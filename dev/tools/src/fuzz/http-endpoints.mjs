import { frames, features } from './fixtures.mjs';
import { mutatedBytes, mutatedPart } from './mutation.mjs';
import { mutatedToken } from './tokens.mjs';

const bodies = {
  startSession: ({ examId, studentId }) => ({ exam_id: examId, member_id: studentId }),
  createExam: () => ({
    title: 'Physics',
    scheduled_at: '2026-11-21T10:00:00.000Z',
    duration_minutes: 60,
    total_questions: 40,
    teachers: ['somebody'],
    policy: { live_view: 'numbers', retention: { frames_days: 1 }, webhook_url: 'https://example.org/hook' },
  }),
  enrolStudents: () => ({ students: [{ student_id: 'bob', student_name: 'Bob' }] }),
  setAccommodations: () => ({
    accommodations: [{ name: 'tics', off: ['looking_away'], longer: { head_turned: 2 } }],
  }),
  reportProgress: ({ studentId }) => ({
    student_id: studentId,
    passage_index: 0,
    question_index: 1,
    question_number: 2,
  }),
  answerQuestion: ({ studentId }) => ({ student_id: studentId, question_id: 'q1', question_number: 1, answer: 'B' }),
  highlightText: ({ studentId }) => ({ student_id: studentId, passage_id: 'p1', text: 'a passage' }),
  reportViolation: ({ studentId }) => ({ student_id: studentId, violation_type: 'TAB_SWITCH' }),
  submitExam: ({ studentId }) => ({ student_id: studentId, score: 7 }),
  review: () => ({ outcome: 'inconclusive', notes: 'none', observations: [{ id: 'x', mark: 'unsure', note: '' }] }),
  postReview: () => ({ observations: [{ id: 'x', mark: 'confirmed' }] }),
  contestObservation: () => ({ text: 'It was the cat.' }),
  countAgents: ({ examId }) => ({ classroom_ids: [examId] }),
  messageStudent: () => ({ text: 'Please turn on a light.' }),
  askBreak: () => ({ action: 'begin' }),
  flagSession: () => ({ note: 'look at this' }),
};

const fallbackBody = (random, { sessionId }) => ({
  session_id: sessionId,
  ...random.pick([
    () => ({ type: 'batch', frames: frames(3, random.below(1000)), chain: null }),
    () => ({ extracted_features: features() }),
    () => ({ frame_data: features() }),
    () => ({ type: 'losses', counts: { outbox_full: 1 }, ranges: [{ reason: 'outbox_full', seqs: [2000, 2001] }] }),
    () => ({ type: 'hello', client_time_ms: 1_767_600_000_000, last_seq: 3 }),
  ])(),
});

const pathValues = ({ examId, sessionId, studentId }) => ({
  session_id: sessionId,
  exam_id: examId,
  member_id: studentId,
  classroom_id: examId,
  observation_id: 'phone_visible-3',
  delivery_id: 'msg_1',
});

const queryValues = ({ examId, studentId }) => ({
  exam_id: examId,
  member_id: studentId,
  name: 'Ada',
  format: 'csv',
  version: '1',
  rules: '2',
  review: 'none',
  sequence_id: '0',
  limit: '10',
  status: 'pending',
});

/** What would end the house on its own; asked for now and then only. */
const destructive = new Set(['completeExam', 'cancelExam', 'endSession', 'eraseStudent', 'submitExam']);

const operationsOf = (document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

const contentTypes = [
  'text/plain',
  'application/json; charset=utf-7',
  'application/xml',
  'multipart/form-data',
  'a/b/c',
  '',
];
const encodings = ['gzip', 'br', 'deflate', 'identity', 'x-none', 'gzip, gzip'];

const addressOf = (random, house, { path, operation }) => {
  const [values, queries] = [pathValues(house), queryValues(house)];
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name) =>
    random.chance(0.3) ? mutatedPart(random, values[name]) : encodeURIComponent(values[name]),
  );
  const asked = operation.parameters
    .filter(({ in: where }) => where === 'query' && random.chance(0.6))
    .map(({ name }) => `${name}=${random.chance(0.5) ? mutatedPart(random, queries[name] ?? 'x') : queries[name]}`);
  if (random.chance(0.05)) asked.push('__proto__[role]=ADMIN', 'a[b][c]=d');
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
};

/** Requests to every route of the document. */
export const httpRequests = (document) => {
  const operations = operationsOf(document);
  return {
    names: operations.map(({ operation }) => operation.operationId),
    next(random, house) {
      let chosen = random.pick(operations);
      while (destructive.has(chosen.operation.operationId) && random.chance(0.9)) chosen = random.pick(operations);
      const { method, operation } = chosen;
      const id = operation.operationId;
      const valid = id === 'sendSessionMessage' ? fallbackBody(random, house) : (bodies[id]?.(house) ?? { a: 1 });
      const hasBody = operation.requestBody !== undefined || random.chance(0.05);
      const role = id === 'sendSessionMessage' ? 'session' : random.pick(['admin', 'admin', 'teacher', 'student']);
      const token = role === 'session' ? house.sessionToken : house.token[role];
      return {
        door: `http ${operation.tags[0]}`,
        method: random.chance(0.02) ? random.pick(['PATCH', 'OPTIONS', 'HEAD', 'PUT', 'DELETE']) : method,
        path: addressOf(random, house, chosen),
        token: random.chance(0.1) ? mutatedToken(random, token) : token,
        ...(hasBody ? { body: mutatedBytes(random, valid) } : {}),
        headers: {
          ...(random.chance(0.05) ? { 'content-type': random.pick(contentTypes) } : {}),
          ...(random.chance(0.03) ? { 'content-encoding': random.pick(encodings) } : {}),
          ...(random.chance(0.02) ? { origin: random.pick(['null', 'https://evil.example', '*']) } : {}),
          ...(random.chance(0.02) ? { accept: 'x'.repeat(4000) } : {}),
        },
      };
    },
  };
};
