import { computed, signal } from '@preact/signals';
import type { ExamStatus } from '@invigil/protocol/channels';
import type { Answer, Problem } from '../api/answer.ts';
import { changeExam, createExam } from '../api/exam-api.ts';
import type { Exam } from '../api/exam-api.ts';
import { apiFields, changesOf, newExamOf } from './exam-draft.ts';
import type { DraftField, ExamDraft } from './exam-draft.ts';

/** Fields that the server accepts until the exam is over; the others only while it is scheduled. */
const changeableLater: ReadonlySet<DraftField> = new Set(['title', 'questions', 'teachers']);
const fieldNames = Object.keys(apiFields) as DraftField[];

/** The exam that the form changes. */
interface EditedExam {
  examId: string;
  status: ExamStatus;
}

/** Contents and state of the set-up form. */
export class ExamFormState {
  readonly draft;
  /** Null: the form creates an exam. */
  readonly edited: EditedExam | null;
  readonly problem = signal<Problem | null>(null);
  readonly isBusy = signal(false);
  readonly isSaved = signal(false);
  #sent: ExamDraft | null = null;
  /** The field that the server rejected; null if the problem is about none of the form. */
  readonly wrongField = computed(() => {
    const wrong = this.problem.value?.field;
    if (wrong === undefined) return null;
    return fieldNames.find((name) => wrong === apiFields[name] || wrong.startsWith(`${apiFields[name]}.`)) ?? null;
  });

  constructor(draft: ExamDraft, edited: EditedExam | null) {
    this.draft = signal(draft);
    this.edited = edited;
  }

  set<Name extends DraftField>(name: Name, value: ExamDraft[Name]): void {
    this.draft.value = { ...this.draft.peek(), [name]: value };
    this.isSaved.value = false;
  }

  /** Applies the exam's new status: fields that are now read-only show their stored values; the others keep the user's text. */
  follow(status: ExamStatus, stored: ExamDraft): void {
    if (this.edited === null || this.edited.status === status) return;
    this.edited.status = status;
    const typed = Object.entries(this.draft.peek()).filter(([name]) => !this.isFixed(name as DraftField));
    this.draft.value = { ...stored, ...(Object.fromEntries(typed) as Partial<ExamDraft>) };
  }

  /** Whether the user has changed something since the draft was sent. */
  get isEditedSince(): boolean {
    return this.draft.peek() !== this.#sent;
  }

  isFixed(name: DraftField): boolean {
    const status = this.edited?.status ?? 'SCHEDULED';
    if (status === 'SCHEDULED') return false;
    return status === 'COMPLETED' || status === 'CANCELLED' || !changeableLater.has(name);
  }

  /** Creates or changes the exam. @returns the exam; null if the server did not accept it, which `problem` explains */
  async send(): Promise<Exam | null> {
    this.isBusy.value = true;
    this.isSaved.value = false;
    this.problem.value = null;
    const draft = this.draft.peek();
    this.#sent = draft;
    const answer = await this.#request(draft);
    this.isBusy.value = false;
    this.isSaved.value = answer.ok && !this.isEditedSince;
    if (answer.ok) return answer.value;
    this.problem.value = answer;
    return null;
  }

  #request(draft: ExamDraft): Promise<Answer<Exam>> {
    const { edited } = this;
    if (edited === null) return createExam(newExamOf(draft));
    return changeExam(edited.examId, changesOf(draft, edited.status === 'SCHEDULED'));
  }
}
