import { randomUUID } from 'node:crypto';
import { isOver } from '../model/exam-status.ts';
import type { LtiPlatform } from '../model/lti-platform.ts';
import type { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { claim, proctoringClaim } from './claim-names.ts';
import type { PlatformMessage } from './deep-linking.ts';
import { resourceLinkOf } from './exam-places.ts';
import type { ExamPlaces } from './exam-places.ts';
import type { Launch } from './launch-claims.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { isStudent, userIdOf } from './launch-user.ts';
import type { ToolKeys } from './tool-keys.ts';

export interface ProctoringOptions {
  attempts: LtiAttemptRecords;
  platforms: Pick<LtiRecords, 'byId'>;
  sessions: Pick<SessionRecords, 'runningOfExam'>;
  places: ExamPlaces;
  /** Records the hand-in and ends the student's running sessions. */
  endWork: (examId: string, studentId: string) => Promise<void>;
  keys: ToolKeys;
  now: () => number;
}

const messageSeconds = 300;

/**
 * Proctoring Services 1.0: the platform sends a student here to be observed (LtiStartProctoring), this tool sends them on once the
 * observation runs (LtiStartAssessment), and the platform sends them back at the end (LtiEndAssessment).
 */
export class Proctoring {
  readonly #options: ProctoringOptions;

  constructor(options: ProctoringOptions) {
    this.#options = options;
  }

  /** @returns the path where the student starts the observation. @throws LaunchRefusal */
  async begin(platform: LtiPlatform, launch: Extract<Launch, { message: 'start_proctoring' }>): Promise<string> {
    const { attempts, places, now } = this.#options;
    if (!isStudent(launch.roles)) throw new LaunchRefusal('learner');
    const { exam, studentId, path } = await places.enterAsStudent(platform, launch);
    if (isOver(exam.status)) throw new LaunchRefusal('exam_over');
    const { attemptNumber, sessionData, startAssessmentUrl, control } = launch.start;
    const attempt = await attempts.start({
      ...resourceLinkOf(platform, launch),
      attemptId: randomUUID(),
      attemptNumber,
      examId: exam.examId,
      studentId,
      subject: launch.subject,
      startAssessmentUrl,
      sessionData,
      controlUrl: control?.url ?? null,
      controlActions: control?.actions ?? [],
      createdAt: isoTime(now()),
      endedAt: null,
    });
    if (attempt === null) throw new LaunchRefusal('attempt_over');
    return path;
  }

  /**
   * The message with which the student returns to the platform and starts the assessment. It claims nothing about the student's identity,
   * because this tool does not verify it. @throws LaunchRefusal `attempt_unknown`, or `not_observed` unless the observation runs
   */
  async startAssessment(examId: string, studentId: string): Promise<PlatformMessage> {
    const { attempts, platforms, sessions, keys } = this.#options;
    const attempt = await attempts.current(examId, studentId);
    const platform = attempt === null ? null : await platforms.byId(attempt.platformId);
    if (attempt === null || platform === null) throw new LaunchRefusal('attempt_unknown');
    if ((await sessions.runningOfExam(examId, [studentId])).length === 0) throw new LaunchRefusal('not_observed');
    const token = await keys.sign(
      {
        [claim('message_type')]: 'LtiStartAssessment',
        [claim('version')]: '1.3.0',
        [claim('deployment_id')]: attempt.deploymentId,
        [claim('resource_link')]: { id: attempt.resourceLinkId },
        [proctoringClaim('attempt_number')]: attempt.attemptNumber,
        [proctoringClaim('session_data')]: attempt.sessionData,
        [proctoringClaim('end_assessment_return')]: true,
      },
      { issuer: platform.clientId, audience: platform.issuer, seconds: messageSeconds },
    );
    return { url: attempt.startAssessmentUrl, token };
  }

  /** Ends the observation with the assessment. Idempotent. @throws LaunchRefusal */
  async end(platform: LtiPlatform, launch: Extract<Launch, { message: 'end_assessment' }>): Promise<void> {
    const { attempts, endWork, now } = this.#options;
    const studentId = userIdOf(platform.platformId, launch.subject);
    const attempt = await attempts.find(resourceLinkOf(platform, launch), studentId, launch.attemptNumber);
    if (attempt === null) throw new LaunchRefusal('attempt_unknown');
    if (launch.sessionData !== null && launch.sessionData !== attempt.sessionData)
      throw new LaunchRefusal('session_data');
    await attempts.end(attempt.attemptId, isoTime(now()));
    // A later attempt's observation goes on when an earlier attempt's end arrives late.
    if ((await attempts.current(attempt.examId, studentId)) === null) await endWork(attempt.examId, studentId);
  }
}
