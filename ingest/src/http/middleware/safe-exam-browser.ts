import type { Request, RequestHandler } from 'express';
import type { PolicyOf } from '../../exams/exam-policies.ts';
import type { Principal } from '../../model/principal.ts';
import { checkBrowser } from '../../safe-exam-browser/browser-check.ts';
import type { BrowserVerdict } from '../../safe-exam-browser/browser-check.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { idOf } from '../schemas/request-id.ts';
import type { Authorizer } from './authorize.ts';

const configurationPath = (examId: string): string =>
  `/api/v1/exams/${encodeURIComponent(examId)}/safe-exam-browser.seb`;

const refusals: Readonly<Record<Exclude<BrowserVerdict, 'verified'>, string>> = {
  other_browser: 'this exam must be taken in Safe Exam Browser',
  other_configuration: 'this Safe Exam Browser was not opened with the configuration of this exam',
  other_version: 'this version of Safe Exam Browser is not among those that the exam’s teachers accept',
};

export interface BrowserGuardOptions {
  policyOf: PolicyOf;
  /** `https://…` of this server, as the requesting client reaches it. */
  originOf: (request: Request) => string;
  /** Origins of other exam pages. */
  pageOrigins: readonly string[];
}

/** Holds students to the browser that their exam requires. */
export class BrowserGuard {
  readonly #options: BrowserGuardOptions;

  constructor(options: BrowserGuardOptions) {
    this.#options = options;
  }

  /**
   * An exam platform (role TEACHER or ADMIN) acts for its students, so its own requests come from no browser.
   *
   * @returns whether the student's browser was verified; false if the exam allows any browser
   * @throws HttpProblem SAFE_EXAM_BROWSER_REQUIRED
   */
  async check(request: Request, examId: string | null, principal: Principal): Promise<boolean> {
    const { policyOf, originOf, pageOrigins } = this.#options;
    const required = (await policyOf(examId))?.safe_exam_browser ?? null;
    if (examId === null || required === null || principal.role !== 'STUDENT') return false;
    const origin = originOf(request);
    const url = origin + request.originalUrl;
    const verdict = checkBrowser({ headers: request.headers, url, origin, pageOrigins }, examId, required);
    if (verdict === 'verified') return true;
    throw new HttpProblem(
      'SAFE_EXAM_BROWSER_REQUIRED',
      `${refusals[verdict]}; open ${configurationPath(examId)} in it, or ask a teacher of the exam, who can change this requirement`,
    );
  }

  /** For routes below `/:examId`. */
  routes(authorizer: Authorizer): RequestHandler {
    return async (request, _response, next) => {
      const principal = await authorizer.identify(request);
      await this.check(request, idOf(request.params['examId'], 'exam_id'), principal);
      next();
    };
  }
}
