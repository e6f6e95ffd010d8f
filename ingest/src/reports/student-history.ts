import type { Exam } from '../model/exam.ts';
import type { ListedReport, ReportSummaryRecords } from '../records/report-summary-records.ts';

export interface StudentHistoryOptions {
  summaries: Pick<ReportSummaryRecords, 'bringUpToDate' | 'examsOfStudent' | 'ofStudent'>;
  findExam: (examId: string) => Promise<Exam | null>;
}

/** Newest reports that a history lists. */
export const historyLimit = 200;

export interface HistoryEntry {
  exam: Exam;
  report: ListedReport;
}

/** A student's reports in several exams, from the exams whose policy allows it. */
export class StudentHistory {
  readonly #options: StudentHistoryOptions;

  constructor(options: StudentHistoryOptions) {
    this.#options = options;
  }

  /** The newest first. @param teacherId only exams of this teacher; null: all */
  async of(studentId: string, teacherId: string | null): Promise<{ entries: HistoryEntry[]; hasMore: boolean }> {
    const { summaries } = this.#options;
    const exams = await this.#examsOf(studentId, teacherId);
    const examIds = [...exams.keys()];
    while ((await summaries.bringUpToDate(examIds)) > 0);
    const reports = await summaries.ofStudent(studentId, examIds, historyLimit + 1);
    const entries = reports.slice(0, historyLimit).flatMap((report) => {
      const exam = exams.get(report.summary.exam_id ?? '');
      return exam === undefined ? [] : [{ exam, report }];
    });
    return { entries, hasMore: reports.length > historyLimit };
  }

  async #examsOf(studentId: string, teacherId: string | null): Promise<Map<string, Exam>> {
    const exams = new Map<string, Exam>();
    for (const examId of await this.#options.summaries.examsOfStudent(studentId, teacherId)) {
      const exam = await this.#options.findExam(examId);
      if (exam?.policy.history === true) exams.set(examId, exam);
    }
    return exams;
  }
}
