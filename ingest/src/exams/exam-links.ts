import { randomUUID } from 'node:crypto';
import type { LinksRequest } from '@invigil/protocol/channels';
import type { PersonalLinks } from '../auth/personal-links.ts';
import type { ExamLink } from '../model/exam.ts';
import type { ExamLinkRecords } from '../records/exam-link-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { ExamRefusal } from './exam-refusal.ts';
import type { Exams } from './exams.ts';

export interface ExamLinksOptions {
  exams: Exams;
  students: ExamStudentRecords;
  records: ExamLinkRecords;
  tokens: PersonalLinks;
  now: () => number;
}

const dayMs = 86_400_000;
/** Minimum interval between two audit entries that the same person read the links. */
const seenEveryMs = 600_000;
/** Tokens are signed to whole seconds. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** Personal links let students enter one exam without an account. They are signed, expire and can be revoked. */
export class ExamLinks {
  readonly #options: ExamLinksOptions;

  constructor(options: ExamLinksOptions) {
    this.#options = options;
  }

  /** Every link of the exam; only those that are valid now have a token. The audit log shows who has seen them. */
  async list(examId: string, actor: string) {
    const { exams, students, records, now } = this.#options;
    await exams.get(examId);
    await records.seen(examId, actor, isoTime(now()), isoTime(now() - seenEveryMs));
    const [links, enrolled] = await Promise.all([records.list(examId), students.list(examId)]);
    const nameOf = new Map(enrolled.map(({ studentId, studentName }) => [studentId, studentName]));
    return Promise.all(links.map(async (link) => this.#body(link, nameOf.get(link.studentId) ?? link.studentId)));
  }

  /** @throws ExamRefusal NOT_FOUND for a student who is not enrolled; nothing is created then */
  async create(examId: string, { student_ids: named, valid_days: days }: LinksRequest, actor: string): Promise<void> {
    const { exams, students, records, now } = this.#options;
    await exams.get(examId);
    const enrolled = await students.list(examId);
    const ids = new Set(enrolled.map(({ studentId }) => studentId));
    const unknown = named?.find((id) => !ids.has(id));
    if (unknown !== undefined) throw new ExamRefusal('NOT_FOUND', 'one of these students is not enrolled in the exam');
    const wantedOf = (links: readonly ExamLink[]): string[] => {
      const valid = new Set(links.filter((link) => this.#isValid(link)).map(({ studentId }) => studentId));
      return named === undefined ? [...ids].filter((id) => !valid.has(id)) : [...new Set(named)];
    };
    const createdAtMs = wholeSecond(now());
    const times = { createdAt: isoTime(createdAtMs), expiresAt: isoTime(createdAtMs + days * dayMs), revokedAt: null };
    await records.replace(
      examId,
      (links) => wantedOf(links).map((studentId) => ({ linkId: randomUUID(), examId, studentId, ...times })),
      actor,
    );
  }

  /** @throws ExamRefusal NOT_FOUND if the student has no link to revoke */
  async revoke(examId: string, studentId: string, actor: string): Promise<void> {
    const { records, now } = this.#options;
    if (await records.revoke(examId, studentId, actor, isoTime(now()))) return;
    throw new ExamRefusal('NOT_FOUND', 'this student has no active link');
  }

  #isValid({ revokedAt, expiresAt }: ExamLink): boolean {
    return revokedAt === null && Date.parse(expiresAt) > this.#options.now();
  }

  async #body(link: ExamLink, studentName: string) {
    const token = this.#isValid(link) ? await this.#options.tokens.tokenOf(link) : null;
    return {
      student_id: link.studentId,
      student_name: studentName,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
      revoked_at: link.revokedAt,
      created_by: link.createdBy,
      first_used_at: link.firstUsedAt,
      token,
      // After the `#`, so that browsers do not send it and servers do not log it.
      path: token === null ? null : `/?exam=${encodeURIComponent(link.examId)}#link=${token}`,
    };
  }
}
