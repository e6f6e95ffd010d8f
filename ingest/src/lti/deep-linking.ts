import { createHash, randomBytes } from 'node:crypto';
import { isOver } from '../model/exam-status.ts';
import type { Exam } from '../model/exam.ts';
import type { LtiDeepLinkRequest, LtiPlatform } from '../model/lti-platform.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { LtiDeepLinkRecords } from '../records/lti-deep-link-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { claim, deepLinkingClaim } from './claim-names.ts';
import type { Launch } from './launch-claims.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { partOf, userIdOf } from './launch-user.ts';
import type { ToolKeys } from './tool-keys.ts';

export interface DeepLinkingOptions {
  records: LtiDeepLinkRecords;
  platforms: Pick<LtiRecords, 'byId'>;
  exams: Pick<ExamRecords, 'find' | 'list' | 'teachersOf'>;
  createExam: CreateExam;
  keys: ToolKeys;
  launchUrl: string;
  now: () => number;
}

/** Creates an exam that this user teaches. @returns its id */
export type CreateExam = (
  exam: { title: string | null; durationMinutes: number | null },
  teacherId: string,
) => Promise<string>;

/** The exams that a teacher can choose from. */
export interface ExamChoice {
  /** Authenticates the answer. */
  request: string;
  /** Suggested for a new exam. */
  title: string | null;
  exams: readonly Pick<Exam, 'examId' | 'title' | 'status'>[];
}

/** The teacher's answer. */
export type Chosen =
  | { kind: 'new'; title: string | null; durationMinutes: number | null }
  | { kind: 'exam'; examId: string }
  | { kind: 'none' };

/** A signed message that the browser posts to the platform, as the field `JWT`. */
export interface PlatformMessage {
  url: string;
  token: string;
}

const requestLifetimeMs = 3_600_000;
const messageSeconds = 300;
const shownExams = 100;

const hashOf = (request: string): string => createHash('sha256').update(request).digest('base64url');

/** Deep Linking 2.0: a teacher chooses or creates the exam of a new link in a course. */
export class DeepLinking {
  readonly #options: DeepLinkingOptions;

  constructor(options: DeepLinkingOptions) {
    this.#options = options;
  }

  async begin(platform: LtiPlatform, launch: Extract<Launch, { message: 'deep_linking' }>): Promise<ExamChoice> {
    const { records, exams, now } = this.#options;
    if (partOf(launch.roles) !== 'teacher') throw new LaunchRefusal('role');
    const userId = userIdOf(platform.platformId, launch.subject);
    const request = randomBytes(32).toString('base64url');
    const { returnUrl, data, title, opensWindows } = launch.settings;
    await records.addRequest(
      {
        requestHash: hashOf(request),
        platformId: platform.platformId,
        deploymentId: launch.deploymentId,
        contextId: launch.contextId,
        userId,
        returnUrl,
        data,
        opensWindows,
        expiresAt: isoTime(now() + requestLifetimeMs),
      },
      isoTime(now()),
    );
    const taught = await exams.list(userId, shownExams);
    return { request, title, exams: taught.filter(({ status }) => !isOver(status)) };
  }

  /** @throws LaunchRefusal `choice` */
  async finish(request: string, chosen: Chosen): Promise<PlatformMessage> {
    const { records, platforms, now } = this.#options;
    const taken = await records.takeRequest(hashOf(request), isoTime(now()));
    const platform = taken === null ? null : await platforms.byId(taken.platformId);
    if (taken === null || platform === null) throw new LaunchRefusal('choice');
    const items = chosen.kind === 'none' ? [] : [await this.#item(taken, chosen)];
    return { url: taken.returnUrl, token: await this.#sign(platform, taken, items) };
  }

  async #item(request: LtiDeepLinkRequest, chosen: Exclude<Chosen, { kind: 'none' }>): Promise<object> {
    const { records, createExam, exams, launchUrl } = this.#options;
    const { platformId, deploymentId, contextId, userId, opensWindows } = request;
    const examId = chosen.kind === 'new' ? await createExam(chosen, userId) : chosen.examId;
    if (!(await exams.teachersOf(examId)).includes(userId)) throw new LaunchRefusal('choice');
    const itemId = randomBytes(24).toString('base64url');
    await records.addItem({ itemId, platformId, deploymentId, contextId, examId });
    const title = (await exams.find(examId))?.title ?? null;
    return {
      type: 'ltiResourceLink',
      ...(title === null ? {} : { title }),
      url: launchUrl,
      custom: { invigil_item: itemId },
      ...(opensWindows ? { window: { targetName: '_blank' } } : {}),
    };
  }

  #sign(platform: LtiPlatform, { deploymentId, data }: LtiDeepLinkRequest, items: object[]): Promise<string> {
    return this.#options.keys.sign(
      {
        [claim('message_type')]: 'LtiDeepLinkingResponse',
        [claim('version')]: '1.3.0',
        [claim('deployment_id')]: deploymentId,
        [deepLinkingClaim('content_items')]: items,
        ...(data === null ? {} : { [deepLinkingClaim('data')]: data }),
      },
      { issuer: platform.clientId, audience: platform.issuer, seconds: messageSeconds },
    );
  }
}
