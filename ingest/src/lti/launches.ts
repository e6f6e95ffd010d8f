import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { PersonalLinks } from '../auth/personal-links.ts';
import { isOver } from '../model/exam-status.ts';
import type { ExamLink } from '../model/exam.ts';
import type { LtiPlatform, LtiResourceLink } from '../model/lti-platform.ts';
import type { ExamLinkRecords } from '../records/exam-link-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import type { StaffSessions } from '../sign-in/staff-sessions.ts';
import { isoTime } from '../time/iso-time.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { readLaunchToken } from './launch-token.ts';
import type { Launch } from './launch-token.ts';
import { partOf, userIdOf } from './launch-user.ts';
import type { PlatformKeys } from './platform-keys.ts';

export interface LaunchesOptions {
  records: LtiRecords;
  exams: ExamRecords;
  /** Creates an exam that this user teaches. */
  createExam: (title: string | null, teacherId: string) => Promise<string>;
  students: ExamStudentRecords;
  linkRecords: ExamLinkRecords;
  links: PersonalLinks;
  staff: StaffSessions;
  keys: PlatformKeys;
  /** The only address that platforms may launch. */
  launchUrl: string;
  now: () => number;
}

/** The parameters of a platform's login request. */
export interface LoginRequest {
  issuer: string;
  clientId: string | null;
  loginHint: string;
  messageHint: string | null;
  targetLinkUri: string;
}

/** Where the browser goes after a launch, and the cookie of a teacher. */
export interface Arrival {
  path: string;
  staff: { cookie: string; expiresAtMs: number } | null;
}

const stateLifetimeMs = 600_000;
const linkLifetimeMs = 7 * 86_400_000;

const hashOf = (state: string): string => createHash('sha256').update(state).digest('base64url');

/** Launches from learning platforms (LTI 1.3): teachers land on the exam's wall, students on its entry page. */
export class Launches {
  readonly #options: LaunchesOptions;

  constructor(options: LaunchesOptions) {
    this.#options = options;
  }

  /** Handles a platform's login request. @returns the authentication URL to redirect to, and the state to store in the browser's cookie */
  async begin(request: LoginRequest): Promise<{ url: string; state: string }> {
    const { records, launchUrl, now } = this.#options;
    const platform = await records.find(request.issuer, request.clientId);
    if (platform === null) throw new LaunchRefusal('platform');
    if (request.loginHint === '') throw new LaunchRefusal('login_hint');
    if (request.targetLinkUri !== launchUrl) throw new LaunchRefusal('target_link');
    const state = randomBytes(32).toString('base64url');
    const nonce = randomBytes(32).toString('base64url');
    await records.addState(
      {
        stateHash: hashOf(state),
        nonce,
        platformId: platform.platformId,
        targetLinkUri: request.targetLinkUri,
        expiresAt: isoTime(now() + stateLifetimeMs),
      },
      isoTime(now()),
    );
    return { url: this.#authenticationUrl(platform, request, state, nonce), state };
  }

  /** @param cookie the state that this browser began with */
  async finish(state: unknown, cookie: string | null, idToken: unknown): Promise<Arrival> {
    const { records, keys, now } = this.#options;
    if (typeof state !== 'string') throw new LaunchRefusal('state');
    if (cookie !== state) throw new LaunchRefusal('browser');
    const taken = await records.takeState(hashOf(state), isoTime(now()));
    if (taken === null) throw new LaunchRefusal('state');
    const { platform } = taken;
    const key = keys.of(platform.keysUrl);
    const launch = await readLaunchToken(idToken, { ...taken, key, nowMs: now() });
    if (!(await records.hasDeployment(platform.platformId, launch.deploymentId))) throw new LaunchRefusal('deployment');
    return partOf(launch.roles) === 'teacher' ? this.#asTeacher(platform, launch) : this.#asStudent(platform, launch);
  }

  #authenticationUrl({ loginUrl, clientId }: LtiPlatform, request: LoginRequest, state: string, nonce: string): string {
    const url = new URL(loginUrl);
    const parameters = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: clientId,
      redirect_uri: this.#options.launchUrl,
      login_hint: request.loginHint,
      ...(request.messageHint === null ? {} : { lti_message_hint: request.messageHint }),
      state,
      nonce,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  async #asTeacher(platform: LtiPlatform, launch: Launch): Promise<Arrival> {
    const { records, createExam, staff } = this.#options;
    const link = linkOf(platform, launch);
    const userId = userIdOf(platform.platformId, launch.subject);
    const examId = (await records.examOf(link)) ?? (await records.tie(link, await createExam(launch.title, userId)));
    await records.addTeacher(examId, userId);
    const user = { issuer: platform.issuer, subject: launch.subject, providerSession: null, idToken: '' };
    const session = await staff.begin(user, { userId, role: 'TEACHER' });
    return { path: `/proctor/?exam=${encodeURIComponent(examId)}`, staff: session };
  }

  async #asStudent(platform: LtiPlatform, launch: Launch): Promise<Arrival> {
    const { records, exams, students, links, now } = this.#options;
    const examId = await records.examOf(linkOf(platform, launch));
    const exam = examId === null ? null : await exams.find(examId);
    if (exam === null) throw new LaunchRefusal('no_exam');
    const studentId = userIdOf(platform.platformId, launch.subject);
    const isEnrolled = (await students.find(exam.examId, studentId)) !== null;
    if (isOver(exam.status) && !isEnrolled) throw new LaunchRefusal('exam_over');
    if (!isOver(exam.status)) {
      await students.enrol(exam.examId, [{ id: studentId, name: launch.name }], isoTime(now()));
    }
    const token = await links.tokenOf(await this.#linkFor(exam.examId, studentId));
    return { path: `/?exam=${encodeURIComponent(exam.examId)}#link=${token}`, staff: null };
  }

  /** The student's valid link, or a new one. */
  async #linkFor(examId: string, studentId: string): Promise<ExamLink> {
    const { linkRecords, now } = this.#options;
    const isValid = ({ revokedAt, expiresAt }: ExamLink): boolean =>
      revokedAt === null && Date.parse(expiresAt) > now();
    const valid = async (): Promise<ExamLink | null> => {
      const link = await linkRecords.find(examId, studentId);
      return link !== null && isValid(link) ? link : null;
    };
    const known = await valid();
    if (known !== null) return known;
    const [createdAt, expiresAt] = [now(), now() + linkLifetimeMs].map((ms) => isoTime(Math.floor(ms / 1000) * 1000));
    const created = { linkId: randomUUID(), examId, studentId, createdAt: createdAt ?? '', expiresAt: expiresAt ?? '' };
    // Another launch may have made one in the meantime; replacing it would end that student's access.
    const missing = (existing: readonly ExamLink[]) =>
      existing.some((link) => link.studentId === studentId && isValid(link)) ? [] : [{ ...created, revokedAt: null }];
    await linkRecords.replace(examId, missing, 'system:lti');
    return (await valid()) ?? Promise.reject(new LaunchRefusal('no_exam'));
  }
}

const linkOf = ({ platformId }: LtiPlatform, { deploymentId, resourceLinkId }: Launch): LtiResourceLink => ({
  platformId,
  deploymentId,
  resourceLinkId,
});
