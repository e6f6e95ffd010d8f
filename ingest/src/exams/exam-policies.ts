import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamPolicy } from '@invigil/protocol/channels';
import * as v from 'valibot';
import type { ExamRecords } from '../records/exam-records.ts';

/** The policy of an exam; null for an unknown exam and for a session without one. */
export type PolicyOf = (examId: string | null) => Promise<ExamPolicy | null>;

export const recordedPolicies =
  (exams: ExamRecords): PolicyOf =>
  async (examId) =>
    examId === null ? null : ((await exams.find(examId))?.policy ?? null);

/** The policy of sessions without a recorded exam. */
export const defaultPolicy: ExamPolicy = v.parse(ExamPolicySchema, {});
