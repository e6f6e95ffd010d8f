import { computed, signal } from '@preact/signals';
import { listReports } from '../api/report-api.ts';
import type { ListedReport, ReportListQuery, ReportPage } from '../api/report-api.ts';
import type { Answer } from '../api/answer.ts';

export type ReviewFilter = Pick<ReportListQuery, 'sort' | 'status' | 'type' | 'student'>;

/** Reports per request. */
const pageSize = '100';

/** The loaded reports of one exam, in the chosen order. */
export class ReviewList {
  readonly filter = signal<ReviewFilter>({ sort: 'priority' });
  readonly reports = signal<readonly ListedReport[]>([]);
  readonly answer = signal<Answer<ReportPage> | null>(null);
  readonly hasMore = computed(() => {
    const { value } = this.answer;
    return value !== null && value.ok && value.value.next_cursor !== null;
  });
  readonly #examId: string;
  /** Number of the latest request; responses to earlier ones are discarded. */
  #latest = 0;

  constructor(examId: string) {
    this.#examId = examId;
  }

  /** Shows the first page, of another selection if one is given. */
  async load(filter: ReviewFilter = this.filter.peek()): Promise<void> {
    this.filter.value = filter;
    await this.#request(null);
  }

  async more(): Promise<void> {
    const known = this.answer.peek();
    if (known?.ok === true && known.value.next_cursor !== null) await this.#request(known.value.next_cursor);
  }

  async #request(cursor: string | null): Promise<void> {
    const request = (this.#latest += 1);
    const asked = { ...this.filter.peek(), limit: pageSize };
    const answer = await listReports(this.#examId, cursor === null ? asked : { ...asked, cursor });
    if (request !== this.#latest) return;
    this.answer.value = answer;
    if (!answer.ok) return;
    this.reports.value = cursor === null ? answer.value.reports : [...this.reports.peek(), ...answer.value.reports];
  }
}
