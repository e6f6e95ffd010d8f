import type { ProblemCode } from '@invigil/protocol/channels';

/** The exam's state does not allow an action. The message is for the client. */
export class ExamRefusal extends Error {
  override readonly name = 'ExamRefusal';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const noSuchExam = (): ExamRefusal => new ExamRefusal('NOT_FOUND', 'there is no exam with this id');
/** @param allowed such as `1000 highlights in an exam` */
export const overBudget = (allowed: string): ExamRefusal =>
  new ExamRefusal('RATE_EXCEEDED', `a student can have at most ${allowed}`);
export const wrongStatus = (message: string): ExamRefusal => new ExamRefusal('WRONG_STATUS', message);
