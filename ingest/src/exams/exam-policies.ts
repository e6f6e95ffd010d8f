import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamPolicy } from '@invigil/protocol/channels';
import * as v from 'valibot';
import type { ExamRecords } from '../records/exam-records.ts';
import { ExamRefusal } from './exam-refusal.ts';

/** The policy of an exam; null for an unknown exam and for a session without one. */
export type PolicyOf = (examId: string | null) => Promise<ExamPolicy | null>;

export const recordedPolicies =
  (exams: ExamRecords): PolicyOf =>
  async (examId) =>
    examId === null ? null : ((await exams.find(examId))?.policy ?? null);

/** @throws ExamRefusal INVALID_MESSAGE for xAPI statements without PUBLIC_URL: replicas would name users and exams differently */
export const requireStatementUrl = (
  { webhook_url: url, webhook_format: format }: ExamPolicy,
  publicUrl: string | null,
): void => {
  if (url === null || format !== 'xapi' || publicUrl !== null) return;
  throw new ExamRefusal(
    'INVALID_MESSAGE',
    'policy.webhook_format xapi is not possible on this server: statements name users and exams by PUBLIC_URL, which is not set',
  );
};

/** The policy of sessions without a recorded exam. */
export const defaultPolicy: ExamPolicy = v.parse(ExamPolicySchema, {});
