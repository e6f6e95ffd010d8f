import type { HttpRequest } from './http-client.ts';
import { frames, features } from './fixtures.ts';
import type { RunningExam } from './fixtures.ts';
import { mutatedBytes, mutatedPart } from './mutation.ts';
import type { Random } from './random.ts';
import { mutatedToken } from './tokens.ts';

interface Operation {
  operationId: string;
  tags: string[];
  parameters: { name: string; in: string }[];
  requestBody?: object;
}

/** The parts of an OpenAPI document that requests are made from. */
export interface RoutedApi {
  paths: Record<string, Record<string, Operation>>;
}

interface Route {
  path: string;
  method: string;
  operation: Operation;
}

/** Valid bodies by operation id. */
const bodies: Record<string, (exam: RunningExam) => object> = {
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

const fallbackBody = (random: Random, { sessionId }: RunningExam): object => ({
  session_id: sessionId,
  ...random.pick<() => object>([
    () => ({ type: 'batch', frames: frames(3, random.below(1000)), chain: null }),
    () => ({ extracted_features: features() }),
    () => ({ frame_data: features() }),
    () => ({ type: 'losses', counts: { outbox_full: 1 }, ranges: [{ reason: 'outbox_full', seqs: [2000, 2001] }] }),
    () => ({ type: 'hello', client_time_ms: 1_767_600_000_000, last_seq: 3 }),
  ])(),
});

const pathValues = ({ examId, sessionId, studentId }: RunningExam): Record<string, string> => ({
  session_id: sessionId,
  exam_id: examId,
  member_id: studentId,
  classroom_id: examId,
  observation_id: 'phone_visible-3',
  delivery_id: 'msg_1',
});

const queryValues = ({ examId, studentId }: RunningExam): Record<string, string> => ({
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

/** Operations that end the exam or the session when valid; chosen rarely. */
const destructive = new Set(['completeExam', 'cancelExam', 'endSession', 'eraseStudent', 'submitExam']);

const routesOf = (document: RoutedApi): Route[] =>
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

const addressOf = (random: Random, exam: RunningExam, { path, operation }: Route): string => {
  const [values, queries] = [pathValues(exam), queryValues(exam)];
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name] ?? 'x';
    return random.chance(0.3) ? mutatedPart(random, value) : encodeURIComponent(value);
  });
  const query = operation.parameters
    .filter(({ in: where }) => where === 'query' && random.chance(0.6))
    .map(({ name }) => `${name}=${random.chance(0.5) ? mutatedPart(random, queries[name] ?? 'x') : queries[name]}`);
  if (random.chance(0.05)) query.push('__proto__[role]=ADMIN', 'a[b][c]=d');
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
};

export interface MutatedRequest extends HttpRequest {
  endpoint: string;
}

/** Mutated requests to every route of the document. */
export const httpRequests = (document: RoutedApi): ((random: Random, exam: RunningExam) => MutatedRequest) => {
  const routes = routesOf(document);
  return (random, exam) => {
    let chosen = random.pick(routes);
    while (destructive.has(chosen.operation.operationId) && random.chance(0.9)) chosen = random.pick(routes);
    const { method, operation } = chosen;
    const id = operation.operationId;
    const valid = id === 'sendSessionMessage' ? fallbackBody(random, exam) : (bodies[id]?.(exam) ?? { a: 1 });
    const hasBody = operation.requestBody !== undefined || random.chance(0.05);
    const token =
      id === 'sendSessionMessage'
        ? exam.sessionToken
        : exam.token[random.pick(['admin', 'admin', 'teacher', 'student'] as const)];
    return {
      endpoint: `http ${operation.tags[0]}`,
      method: random.chance(0.02) ? random.pick(['PATCH', 'OPTIONS', 'HEAD', 'PUT', 'DELETE']) : method,
      path: addressOf(random, exam, chosen),
      token: random.chance(0.1) ? mutatedToken(random, token) : token,
      ...(hasBody ? { body: mutatedBytes(random, valid) } : {}),
      headers: {
        ...(random.chance(0.05) ? { 'content-type': random.pick(contentTypes) } : {}),
        ...(random.chance(0.03) ? { 'content-encoding': random.pick(encodings) } : {}),
        ...(random.chance(0.02) ? { origin: random.pick(['null', 'https://evil.example', '*']) } : {}),
        ...(random.chance(0.02) ? { accept: 'x'.repeat(4000) } : {}),
      },
    };
  };
};
