import { computed, signal } from '@preact/signals';
import { listReports } from '../api/report-api.ts';
import type { ListedReport, ReportListQuery, ReportPage } from '../api/report-api.ts';
import type { Answer, Problem } from '../api/answer.ts';
import { NewestRequest } from '../page/newest-request.ts';

export type ReviewFilter = Pick<ReportListQuery, 'sort' | 'status' | 'type' | 'student'>;

/** Reports per request. */
const pageSize = '100';

/** The loaded reports of one exam, in the chosen order. */
export class ReviewList {
  readonly filter = signal<ReviewFilter>({ sort: 'priority' });
  readonly reports = signal<readonly ListedReport[]>([]);
  /** The last page that could be read, if there is one. */
  readonly answer = signal<Answer<ReportPage> | null>(null);
  /** Why the newest request failed. */
  readonly problem = signal<Problem | null>(null);
  /** Cursor of the next page. Null on the last page, and until the selection has loaded. */
  readonly #nextCursor = signal<string | null>(null);
  readonly hasMore = computed(() => this.#nextCursor.value !== null);
  readonly #examId: string;
  readonly #requests = new NewestRequest();

  constructor(examId: string) {
    this.#examId = examId;
  }

  /** Shows the first page, of another selection if one is given. */
  async load(filter: ReviewFilter = this.filter.peek()): Promise<void> {
    this.filter.value = filter;
    this.#nextCursor.value = null;
    await this.#request(null);
  }

  async more(): Promise<void> {
    const cursor = this.#nextCursor.peek();
    if (cursor !== null) await this.#request(cursor);
  }

  async #request(cursor: string | null): Promise<void> {
    const isNewest = this.#requests.begin();
    const asked = { ...this.filter.peek(), limit: pageSize };
    const answer = await listReports(this.#examId, cursor === null ? asked : { ...asked, cursor });
    if (!isNewest()) return;
    this.problem.value = answer.ok ? null : answer;
    if (answer.ok || this.answer.peek()?.ok !== true) this.answer.value = answer;
    if (!answer.ok) return;
    this.#nextCursor.value = answer.value.next_cursor;
    this.reports.value = cursor === null ? answer.value.reports : [...this.reports.peek(), ...answer.value.reports];
  }
}
