import { expect } from 'vitest';
import { startServer } from '@invigil/testkit/server/ingest-server';
import type { TestAnswer, TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

export type Person = 'tina' | 'tom' | 'ada' | 'bob' | 'root' | 'nobody';

const examSteps = ['open', 'start', 'complete'] as const;
type LastStep = (typeof examSteps)[number] | 'cancel' | 'none';

interface ExamSettings {
  students?: readonly object[];
  policy?: object;
  /** The status that the exam is brought to; running by default. */
  until?: LastStep;
}

/** A server with tokens, and people: Tina teaches, Tom is another teacher, Ada and Bob are students, root administers. */
export interface ExamServer {
  server: TestServer;
  as: Record<Person, Record<string, string>>;
  tokens: Record<Exclude<Person, 'nobody'>, string>;
  /** A request below `/api/v1`. */
  ask(who: Person, method: string, path: string, body?: unknown): Promise<TestAnswer>;
  /** Creates an exam taught by Tina, with a unique id, in which Ada and Bob are enrolled. */
  createExam(settings?: ExamSettings): Promise<string>;
  close(): Promise<void>;
}

export const startExamServer = async (environment: Record<string, string> = {}): Promise<ExamServer> => {
  const server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret, ...environment });
  const tokens = {
    tina: await tokenOf('tina', 'TEACHER'),
    tom: await tokenOf('tom', 'TEACHER'),
    ada: await tokenOf('ada', 'STUDENT'),
    bob: await tokenOf('bob', 'STUDENT'),
    root: await tokenOf('root', 'ADMIN'),
  };
  const as = {
    tina: bearer(tokens.tina),
    tom: bearer(tokens.tom),
    ada: bearer(tokens.ada),
    bob: bearer(tokens.bob),
    root: bearer(tokens.root),
    nobody: {},
  };
  let exams = 0;
  const ask: ExamServer['ask'] = (who, method, path, body) => server.ask(method, `/api/v1${path}`, body, as[who]);
  return {
    server,
    as,
    tokens,
    ask,
    async createExam({ students, policy = {}, until = 'start' } = {}) {
      const examId = `exam-${(exams += 1)}`;
      expect((await ask('tina', 'POST', '/exams', { exam_id: examId, policy })).status).toBe(201);
      const enrolled = students ?? [{ student_id: 'ada', student_name: 'Ada Lovelace' }, { student_id: 'bob' }];
      if (enrolled.length > 0) {
        expect((await ask('tina', 'POST', `/exams/${examId}/enrolments`, { students: enrolled })).status).toBe(204);
      }
      const steps = until === 'cancel' ? ['cancel'] : examSteps.slice(0, examSteps.findIndex((s) => s === until) + 1);
      for (const step of steps) {
        expect((await ask('tina', 'POST', `/exams/${examId}/${step}`)).status).toBe(200);
      }
      return examId;
    },
    close: () => server.close(),
  };
};

/** The parts of an RFC 9457 problem that tests check. */
export const problem = (status: number, code: string, detail: string | RegExp, field?: string) => ({
  status,
  json: {
    status,
    code,
    type: `urn:invigil:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    ...(field === undefined ? {} : { field }),
  },
});

/** The statuses of simultaneous requests, ascending, because their order does not matter. */
export const statusesOf = (answers: readonly TestAnswer[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
