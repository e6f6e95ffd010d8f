import { randomUUID } from 'node:crypto';
import type { PersonalLinks } from '../auth/personal-links.ts';
import { isOver } from '../model/exam-status.ts';
import type { ExamLink } from '../model/exam.ts';
import type { LtiPlatform, LtiResourceLink } from '../model/lti-platform.ts';
import type { ExamLinkRecords } from '../records/exam-link-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamSetupRecords } from '../records/exam-setup-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { LtiDeepLinkRecords } from '../records/lti-deep-link-records.ts';
import type { LtiMemberRecords } from '../records/lti-member-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import type { StaffSessions } from '../sign-in/staff-sessions.ts';
import { isoTime } from '../time/iso-time.ts';
import type { CreateExam } from './deep-linking.ts';
import type { Launch } from './launch-claims.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { userIdOf } from './launch-user.ts';

export interface ExamPlacesOptions {
  records: LtiRecords;
  items: Pick<LtiDeepLinkRecords, 'item'>;
  members: Pick<LtiMemberRecords, 'add'>;
  exams: Pick<ExamRecords, 'find'>;
  createExam: CreateExam;
  setup: Pick<ExamSetupRecords, 'delete'>;
  students: ExamStudentRecords;
  linkRecords: ExamLinkRecords;
  links: PersonalLinks;
  staff: StaffSessions;
  now: () => number;
}

type LinkLaunch = Exclude<Launch, { message: 'deep_linking' }>;

const linkLifetimeMs = 7 * 86_400_000;
/** A student who enters an exam gets a link that is valid at least this long, so that it does not expire meanwhile. */
const shortestLinkMs = 86_400_000;

/** Which link of which course the launch came from. */
export const resourceLinkOf = ({ platformId }: LtiPlatform, { deploymentId, link }: LinkLaunch): LtiResourceLink => ({
  platformId,
  deploymentId,
  resourceLinkId: link.id,
});

/** The exam of a link, and the places of teachers and students in it. */
export class ExamPlaces {
  readonly #options: ExamPlacesOptions;

  constructor(options: ExamPlacesOptions) {
    this.#options = options;
  }

  /** Makes the user a teacher of the link's exam, which the first teacher creates. */
  async enterAsTeacher(platform: LtiPlatform, launch: LinkLaunch) {
    const { records, members, staff } = this.#options;
    const userId = userIdOf(platform.platformId, launch.subject);
    const examId = (await this.#examOf(platform, launch)) ?? (await this.#createExam(platform, launch, userId));
    await records.addTeacher(examId, userId);
    await members.add(examId, [{ userId, part: 'teacher' }]);
    const user = { issuer: platform.issuer, subject: launch.subject, providerSession: null, idToken: '' };
    const session = await staff.begin(user, { userId, role: 'TEACHER' });
    return { examId, path: `/proctor/?exam=${encodeURIComponent(examId)}`, session };
  }

  /** Enrols the student. @returns the path of the student's personal link. @throws LaunchRefusal `no_exam` or `exam_over` */
  async enterAsStudent(platform: LtiPlatform, launch: LinkLaunch) {
    const { exams, members, students, links, now } = this.#options;
    const examId = await this.#examOf(platform, launch);
    const exam = examId === null ? null : await exams.find(examId);
    if (exam === null) throw new LaunchRefusal('no_exam');
    const studentId = userIdOf(platform.platformId, launch.subject);
    const isEnrolled = (await students.find(exam.examId, studentId)) !== null;
    if (isOver(exam.status) && !isEnrolled) throw new LaunchRefusal('exam_over');
    if (!isOver(exam.status)) {
      await students.enrol(exam.examId, [{ id: studentId, name: launch.name }], isoTime(now()));
      await members.add(exam.examId, [{ userId: studentId, part: 'student' }]);
    }
    const token = await links.tokenOf(await this.#linkFor(exam.examId, studentId));
    return { exam, studentId, path: `/?exam=${encodeURIComponent(exam.examId)}#link=${token}` };
  }

  /** Of teachers who open a new link at the same time, each makes an exam; all but the one that the link leads to are deleted again. */
  async #createExam(platform: LtiPlatform, launch: LinkLaunch, userId: string): Promise<string> {
    const { records, createExam, setup, now } = this.#options;
    const created = await createExam({ title: launch.link.title, durationMinutes: null }, userId);
    const examId = await records.tie(resourceLinkOf(platform, launch), created);
    if (examId !== created) await setup.delete(created, { actor: userId, at: isoTime(now()) });
    return examId;
  }

  /** The link's exam. A link that a teacher chose an exam for leads there from its first launch on, if it is still in the same course. */
  async #examOf(platform: LtiPlatform, launch: LinkLaunch): Promise<string | null> {
    const { records, items } = this.#options;
    const link = resourceLinkOf(platform, launch);
    const known = await records.examOf(link);
    if (known !== null || launch.itemId === null) return known;
    const item = await items.item(launch.itemId);
    const isOfCourse =
      item !== null &&
      item.platformId === link.platformId &&
      item.deploymentId === link.deploymentId &&
      item.contextId === launch.contextId;
    return isOfCourse ? records.tie(link, item.examId) : null;
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
    if (known !== null && Date.parse(known.expiresAt) - now() >= shortestLinkMs) return known;
    const [createdAt, expiresAt] = [now(), now() + linkLifetimeMs].map((ms) => isoTime(Math.floor(ms / 1000) * 1000));
    const created = { linkId: randomUUID(), examId, studentId, createdAt: createdAt ?? '', expiresAt: expiresAt ?? '' };
    if (known !== null) {
      // A new link would end the access of a page that has this one.
      await linkRecords.extend(known.linkId, created.expiresAt);
      return { ...known, expiresAt: created.expiresAt };
    }
    // Another launch may have made one in the meantime; replacing it would end that student's access.
    const missing = (existing: readonly ExamLink[]) =>
      existing.some((link) => link.studentId === studentId && isValid(link)) ? [] : [{ ...created, revokedAt: null }];
    await linkRecords.replace(examId, missing, 'system:lti');
    return (await valid()) ?? Promise.reject(new LaunchRefusal('no_exam'));
  }
}
