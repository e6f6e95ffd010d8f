import { highlightTextLength } from '@invigil/protocol/channels';
import type { AnswerRequest, HighlightRequest } from '@invigil/protocol/channels';
import type { ExamStudent } from '../model/exam.ts';
import { GatheredEvents } from '../rate-limit/gathered-events.ts';
import type { ExamEvents } from './exam-events.ts';

/** A student can answer and highlight as fast as requests are allowed; teachers get one message of each kind a second. */
const intervalMs = 1000;

type Done<Kind> = Kind & { examId: string; student: ExamStudent; at: string };
type Answered = Done<Pick<AnswerRequest, 'question_id' | 'question_number'> & { is_update: boolean }>;
type Highlighted = Done<HighlightRequest>;

/** Tells an exam's teachers about answers and highlights. Those of one student within a second are one message. */
export class WorkEvents {
  readonly #answers: GatheredEvents<Answered>;
  readonly #highlights: GatheredEvents<Highlighted>;

  constructor(events: ExamEvents, onError: (error: unknown) => void) {
    this.#answers = new GatheredEvents({ intervalMs, send: async (_key, all) => sendAnswers(events, all), onError });
    this.#highlights = new GatheredEvents({
      intervalMs,
      send: async (_key, all) => sendHighlights(events, all),
      onError,
    });
  }

  answered(answer: Answered): Promise<void> {
    return this.#answers.add(keyOf(answer), answer);
  }

  highlighted(highlight: Highlighted): Promise<void> {
    // By code points, so that no surrogate pair is cut in half.
    const text = Array.from(highlight.text).slice(0, highlightTextLength).join('');
    return this.#highlights.add(keyOf(highlight), { ...highlight, text });
  }

  close(): void {
    this.#answers.close();
    this.#highlights.close();
  }
}

const keyOf = ({ examId, student }: Done<object>): string => JSON.stringify([examId, student.studentId]);

/** The fields of every message about a student's work. */
export const aboutStudent = (examId: string, { studentId, studentName }: ExamStudent, timestamp: string) => ({
  session_id: examId,
  student_id: studentId,
  student_name: studentName ?? studentId,
  timestamp,
});

const sendAnswers = (events: ExamEvents, all: readonly Answered[]): void => {
  const byQuestion = new Map<string, Answered>();
  for (const answer of all) {
    const earlier = byQuestion.get(answer.question_id);
    byQuestion.delete(answer.question_id);
    byQuestion.set(answer.question_id, { ...answer, is_update: earlier?.is_update ?? answer.is_update });
  }
  const [newest, ...more] = [...byQuestion.values()].toReversed();
  if (newest === undefined) return;
  const question = ({ question_id, question_number, is_update }: Answered) => ({
    question_id,
    question_number,
    is_update,
  });
  events.toTeachers(newest.examId, {
    type: 'student_answer',
    ...aboutStudent(newest.examId, newest.student, newest.at),
    answered: true,
    ...question(newest),
    ...(more.length === 0 ? {} : { more: more.map(question) }),
  });
};

const sendHighlights = (events: ExamEvents, all: readonly Highlighted[]): void => {
  const [newest, ...more] = all.toReversed();
  if (newest === undefined) return;
  events.toTeachers(newest.examId, {
    type: 'student_highlight',
    ...aboutStudent(newest.examId, newest.student, newest.at),
    text: newest.text,
    passage_id: newest.passage_id,
    ...(more.length === 0 ? {} : { more: more.map(({ text, passage_id }) => ({ text, passage_id })) }),
  });
};
