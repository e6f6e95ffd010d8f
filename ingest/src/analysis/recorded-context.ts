import type { SessionContext } from '@invigil/protocol/report';
import type { CameraLink } from '../model/camera-link.ts';
import type { Session } from '../model/session.ts';
import type { AlertRecords } from '../records/alert-records.ts';
import type { CameraLinkRecords } from '../records/camera-link-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { ExamLinkRecords } from '../records/exam-link-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { FramesStored } from '../records/stored-frames.ts';

export interface RecordedContextOptions {
  sessions: SessionRecords;
  students: ExamStudentRecords;
  work: ExamWorkRecords;
  alerts: AlertRecords;
  exams: ExamRecords;
  links: Pick<ExamLinkRecords, 'find'>;
  cameras: Pick<CameraLinkRecords, 'ofSession'>;
}

/**
 * Facts about a session that come from the records, not its frames.
 * @param stream the frame store's current state; null if the store was cleared after the session's end, when no frame counts as missing
 */
export type ContextOf = (session: Session, stream: FramesStored | null) => Promise<SessionContext>;

/** Maximum number of alerts, and of other sessions, in a report; the earliest are listed. */
const maxListed = 500;

/** Work belongs to the latest session that had started by then, or to the student's first session if none had. */
const ownsWork = ({ sessionId }: Session, all: readonly Session[], at: string): boolean => {
  const owner = all.findLast(({ startedAt }) => startedAt <= at) ?? all[0];
  return owner === undefined || owner.sessionId === sessionId;
};

/** Only phones that have been the camera. */
const phoneCamerasOf = (links: readonly CameraLink[]): Pick<SessionContext, 'phone_cameras'> => {
  const used = links.flatMap(({ connectedAt, endedAt }) =>
    connectedAt === null ? [] : [{ from: connectedAt, to: endedAt }],
  );
  return used.length === 0 ? {} : { phone_cameras: used };
};

const refusedOf = (frames: number): Pick<SessionContext, 'frames_refused'> =>
  frames === 0 ? {} : { frames_refused: frames };

export const recordedContext =
  ({ sessions, students, work, alerts, exams, links, cameras }: RecordedContextOptions): ContextOf =>
  async (session, stream) => {
    const { sessionId, examId, memberId } = session;
    const isOfExam = examId !== null && memberId !== null;
    const [exam, student, answers, raised, all, framesMissing, noted, link, phones] = await Promise.all([
      examId === null ? null : exams.find(examId),
      isOfExam ? students.find(examId, memberId) : null,
      isOfExam ? work.answers(examId, memberId) : [],
      alerts.ofSession(sessionId),
      isOfExam ? sessions.ofMember(examId, memberId) : [],
      stream === null ? 0 : sessions.framesMissing(sessionId, stream),
      sessions.noted(sessionId),
      isOfExam ? links.find(examId, memberId) : null,
      cameras.ofSession(sessionId),
    ]);
    const submission = student?.submission ?? null;
    const own = submission !== null && ownsWork(session, all, submission.submittedAt) ? submission : null;
    return {
      // A session without an exam has no policy.
      breaks_allowed: exam === null || exam.policy.breaks,
      handed_in_at: own?.submittedAt ?? null,
      hand_in_chain: own?.chain ?? null,
      exam_over_at: exam?.completedAt ?? exam?.cancelledAt ?? null,
      answers: answers
        .filter(({ answeredAt }) => ownsWork(session, all, answeredAt))
        .map(({ questionId, questionNumber, answeredAt, chain, unobservedAt }) => ({
          question_id: questionId,
          question_number: questionNumber,
          at: answeredAt,
          chain,
          unobserved_at: unobservedAt,
        })),
      alerts: raised.slice(0, maxListed).map(({ observation, raisedAt }) => ({
        observation_id: observation.id,
        type: observation.type,
        from_ms: observation.from_ms,
        to_ms: observation.to_ms,
        raised_at: raisedAt,
      })),
      other_sessions: all
        .filter((other) => other.sessionId !== sessionId)
        .slice(0, maxListed)
        .map((other) => ({
          session_id: other.sessionId,
          status: other.status,
          started_at: other.startedAt,
          ended_at: other.endedAt,
        })),
      frames_missing: framesMissing,
      ...refusedOf(Math.max(noted.framesRefused, stream?.refused ?? 0)),
      ...(link === null || link.firstUsedAt === null ? {} : { personal_link_used_at: link.firstUsedAt }),
      ...phoneCamerasOf(phones),
      ...(exam === null || exam.policy.safe_exam_browser === null
        ? {}
        : { safe_exam_browser: noted.browserVerifiedAt === null ? 'not_verified' : 'verified' }),
    };
  };
