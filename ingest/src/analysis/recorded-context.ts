import type { ExamPolicy } from '@invigil/protocol/channels';
import type { SessionContext } from '@invigil/protocol/report';
import type { StreamState } from '../frames/frame-store.ts';
import type { Session } from '../model/session.ts';
import type { AlertRecords } from '../records/alert-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { SessionRecords } from '../records/session-records.ts';

export interface RecordedContextOptions {
  sessions: SessionRecords;
  students: ExamStudentRecords;
  work: ExamWorkRecords;
  alerts: AlertRecords;
  policyOf: (examId: string | null) => Promise<ExamPolicy | null>;
}

/** What the records know of a session besides its frames. @param stream what the frame store has of it now */
export type ContextOf = (session: Session, stream: StreamState) => Promise<SessionContext>;

/** Most alerts and other sessions in a report; the earliest are listed. */
const maxListed = 500;

export const recordedContext =
  ({ sessions, students, work, alerts, policyOf }: RecordedContextOptions): ContextOf =>
  async (session, stream) => {
    const { sessionId, examId, memberId } = session;
    const isOfExam = examId !== null && memberId !== null;
    const [policy, student, answers, raised, others, framesMissing] = await Promise.all([
      policyOf(examId),
      isOfExam ? students.find(examId, memberId) : null,
      isOfExam ? work.answers(examId, memberId) : [],
      alerts.ofSession(sessionId),
      isOfExam ? sessions.ofMember(examId, memberId) : [],
      sessions.framesMissing(sessionId, stream),
    ]);
    // Without an exam nobody set a policy.
    const breaksAllowed = examId === null || policy === null || policy.breaks;
    return {
      breaks_allowed: breaksAllowed,
      handed_in_at: student?.submission?.submittedAt ?? null,
      answers: answers.map(({ questionId, questionNumber, answeredAt, chain }) => ({
        question_id: questionId,
        question_number: questionNumber,
        at: answeredAt,
        chain,
      })),
      alerts: raised.slice(0, maxListed).map(({ observation, raisedAt }) => ({
        observation_id: observation.id,
        type: observation.type,
        from_ms: observation.from_ms,
        to_ms: observation.to_ms,
        raised_at: raisedAt,
      })),
      other_sessions: others
        .filter((other) => other.sessionId !== sessionId)
        .slice(0, maxListed)
        .map((other) => ({
          session_id: other.sessionId,
          status: other.status,
          started_at: other.startedAt,
          ended_at: other.endedAt,
        })),
      frames_missing: framesMissing,
    };
  };
