import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';

const cookieName = 'exam-visit';

/** A stand-in for the site's own sign-in: a random cookie that stands for one student. */
export class SignIn {
  readonly #students = new Map<string, string>();

  readonly signIn: RequestHandler = (request, response) => {
    const { student } = request.body as { student?: unknown };
    if (typeof student !== 'string' || !/^[\w.-]{1,64}$/.test(student)) {
      response.status(400).json({ error: 'student must be 1 to 64 letters, digits, dots, dashes or underscores' });
      return;
    }
    const visit = randomUUID();
    this.#students.set(visit, student);
    response.cookie(cookieName, visit, { httpOnly: true, sameSite: 'strict' }).status(204).end();
  };

  /** The student who sent the request, or null. */
  studentOf(request: Request): string | null {
    const cookies = request.headers.cookie?.split(/;\s*/) ?? [];
    const visit = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
    return visit === undefined ? null : (this.#students.get(visit) ?? null);
  }
}
