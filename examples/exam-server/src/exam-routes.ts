import { Router, json } from 'express';
import type { Request, Response } from 'express';
import type { Proctoring } from './proctoring.ts';
import type { SignIn } from './sign-in.ts';

interface Attempt {
  sessionId: string;
  answers: Record<string, string> | null;
}

/** What the exam's pages call. The pages get session tokens; this server keeps the tokens that can start sessions. */
export const examRoutes = (signIn: SignIn, proctoring: Proctoring): Router => {
  const attempts = new Map<string, Attempt>();
  const router = Router();
  router.use(json({ limit: '100kb' }));

  const asStudent =
    (serve: (student: string, request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const student = signIn.studentOf(request);
      if (student === null) response.status(401).json({ error: 'sign in first' });
      else await serve(student, request, response);
    };

  router.post('/sign-in', signIn.signIn);

  // A reloaded page asks whether the student still has to sign in.
  router.get('/student', (request, response) => {
    response.json({ student: signIn.studentOf(request) });
  });

  // Also before sign-in: it holds nothing about students.
  router.get('/notice', async (_request, response) => {
    response.json(await proctoring.notice());
  });

  router.post(
    '/help',
    asStudent(async (student, request, response) => {
      const { text } = request.body as { text?: unknown };
      await proctoring.askForHelp(student, typeof text === 'string' ? text.slice(0, 500) : '');
      response.status(204).end();
    }),
  );

  router.post(
    '/session',
    asStudent(async (student, _request, response) => {
      if (attempts.get(student)?.answers) {
        response.status(409).json({ error: 'this exam was handed in already' });
        return;
      }
      const { sessionId, token } = await proctoring.start(student);
      // Another tab may have handed in since then.
      const answers = attempts.get(student)?.answers ?? null;
      attempts.set(student, { sessionId, answers });
      response.json({ sessionId, token });
    }),
  );

  router.post(
    '/session/token',
    asStudent(async (student, _request, response) => {
      const attempt = attempts.get(student);
      if (attempt === undefined) response.status(404).json({ error: 'no session was started' });
      else response.json({ token: await proctoring.renew(attempt.sessionId) });
    }),
  );

  router.post(
    '/hand-in',
    asStudent(async (student, request, response) => {
      const attempt = attempts.get(student);
      if (attempt === undefined) {
        response.status(404).json({ error: 'no session was started' });
        return;
      }
      // The first hand-in counts. The answers are safe before anything else can fail.
      attempt.answers ??= request.body as Record<string, string>;
      await proctoring.end(attempt.sessionId);
      response.json({ handedInAt: new Date().toISOString() });
    }),
  );

  return router;
};
