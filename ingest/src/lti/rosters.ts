import type { Logger } from 'pino';
import type { LtiPlatform, LtiRoster } from '../model/lti-platform.ts';
import type { ErasureRecords } from '../records/erasure-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { LtiMember, LtiMemberRecords } from '../records/lti-member-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import type { LtiRosterRecords } from '../records/lti-roster-records.ts';
import { systemActors } from '../model/system-actor.ts';
import { isoTime } from '../time/iso-time.ts';
import { userIdOf } from './launch-user.ts';
import { readMemberships } from './memberships.ts';
import type { CourseMember } from './memberships.ts';
import type { PlatformServices } from './platform-services.ts';
import { ServiceError } from './service-request.ts';

export interface RostersOptions {
  records: LtiRosterRecords;
  platforms: LtiRecords;
  members: LtiMemberRecords;
  students: ExamStudentRecords;
  erasures: Pick<ErasureRecords, 'erasedAmong'>;
  services: PlatformServices;
  /** The exam's students or teachers have changed. */
  onChanged: (examId: string) => void;
  log: Logger;
  now: () => number;
}

const lookEveryMs = 60_000;
const readEveryMs = 15 * 60_000;
const rowsPerInsert = 500;

/** Keeps an exam's students and teachers in step with the members of its course, until the exam is over. */
export class Rosters {
  readonly #options: RostersOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | null = null;
  #again = false;

  constructor(options: RostersOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), lookEveryMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#again = false;
    await this.#round;
  }

  /** Reads the course now, and every 15 minutes. */
  async follow(roster: LtiRoster): Promise<void> {
    await this.#options.records.save(roster, isoTime(this.#options.now()));
    this.look();
  }

  /** Reads the courses that are due, now or after the current round, which may have looked too early. */
  look(): void {
    if (this.#round !== null) {
      this.#again = true;
      return;
    }
    this.#round = this.#readDue()
      .catch((error: unknown) => this.#options.log.warn({ event: 'lti.roster_failed', error }))
      .finally(() => {
        this.#round = null;
        if (!this.#again) return;
        this.#again = false;
        this.look();
      });
  }

  async #readDue(): Promise<void> {
    const { records, now } = this.#options;
    for (;;) {
      const roster = await records.claim(isoTime(now()), isoTime(now() + readEveryMs));
      if (roster === null) return;
      await this.#read(roster);
    }
  }

  async #read(roster: LtiRoster): Promise<void> {
    const { platforms, services, log } = this.#options;
    const platform = await platforms.byId(roster.platformId);
    if (platform === null) return;
    try {
      // Before the course is read: a student who enters in the meantime may not be in the list yet.
      const known = await this.#options.members.list(roster.examId);
      const members = await readMemberships(services, platform, roster.membershipsUrl);
      const counts = await this.#apply(roster, platform, known, members);
      log.info({ event: 'lti.roster_read', exam_id: roster.examId, members: members.length, ...counts });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      log.warn({ event: 'lti.roster_failed', exam_id: roster.examId, problem: error.problem, status: error.status });
    }
  }

  async #apply(
    { examId }: LtiRoster,
    platform: LtiPlatform,
    before: readonly LtiMember[],
    course: readonly CourseMember[],
  ) {
    const { records, members, students, platforms, onChanged, now } = this.#options;
    const known = new Map(before.map((member) => [member.userId, member.part]));
    const current = course.map((member) => ({ ...member, userId: userIdOf(platform.platformId, member.subject) }));
    const learners = await this.#enrollable(
      examId,
      known,
      current.filter(({ part }) => part === 'student'),
    );
    for (let from = 0; from < learners.length; from += rowsPerInsert) {
      const rows = learners.slice(from, from + rowsPerInsert).map(({ userId: id, name }) => ({ id, name }));
      await students.enrol(examId, rows, isoTime(now()));
    }
    for (const { userId, part } of current) {
      if (part === 'teacher' && known.get(userId) !== 'teacher') await platforms.addTeacher(examId, userId);
    }
    // Erased students must not be recorded again as members.
    const kept = [...current.filter(({ part }) => part === 'teacher'), ...learners];
    const added = kept.filter(({ userId, part }) => known.get(userId) !== part);
    // An exam in several courses loses nobody: the members of one course are not in the other. Neither does an empty list remove all.
    const mayRemove = current.length > 0 && (await records.countOf(examId)) === 1;
    const removed = mayRemove ? await this.#remove(examId, known, current) : 0;
    await members.add(examId, kept);
    if (added.length > 0 || removed > 0) onChanged(examId);
    return { added: added.length, removed };
  }

  /** Without students whom a teacher removed from the exam, and without erased ones: only their own launch enrols those again. */
  async #enrollable<Learner extends LtiMember>(
    examId: string,
    known: ReadonlyMap<string, LtiMember['part']>,
    learners: readonly Learner[],
  ): Promise<Learner[]> {
    const { students, erasures } = this.#options;
    const enrolled = new Set((await students.list(examId)).map(({ studentId }) => studentId));
    const missing = learners.filter(({ userId }) => !enrolled.has(userId)).map(({ userId }) => userId);
    const erased = await erasures.erasedAmong(missing);
    const isGone = (userId: string): boolean =>
      !enrolled.has(userId) && (known.get(userId) === 'student' || erased.has(userId));
    return learners.filter(({ userId }) => !isGone(userId));
  }

  /** Removes those who left the course or changed their part. Students who have taken part stay. @returns how many were removed */
  async #remove(examId: string, known: ReadonlyMap<string, LtiMember['part']>, current: readonly LtiMember[]) {
    const { members, students, now } = this.#options;
    const by = { actor: systemActors.roster, at: isoTime(now()) };
    const partNow = new Map(current.map(({ userId, part }) => [userId, part]));
    let removed = 0;
    for (const [userId, part] of known) {
      if (partNow.get(userId) === part) continue;
      if (part === 'teacher') await members.removeTeacher(examId, userId);
      else if ((await students.remove(examId, userId, by)) === 'has_taken_part') continue;
      await members.remove(examId, userId);
      removed += 1;
    }
    return removed;
  }
}
