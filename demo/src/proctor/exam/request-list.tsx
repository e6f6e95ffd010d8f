import { useSignal } from '@preact/signals';
import type { ExamState } from '../../api/exam-api.ts';
import { finishRequest } from '../../api/student-api.ts';
import type { ExamRequest } from '../../api/student-api.ts';
import { timeOfDayText } from '../../page/moment-text.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';

const texts = proctorTexts.requests;

interface RequestListProps {
  exam: ExamState;
  /** Opens the student to reply to; null without a running session. */
  openStudent: ((studentId: string) => void) | null;
}

/** Students' open requests, oldest first. */
export const RequestList = ({ exam, openStudent }: RequestListProps) => {
  const done = useSignal<ReadonlySet<string>>(new Set());
  const open = exam.requests
    .filter((request) => request.done_at === null && !done.value.has(request.request_id))
    .toReversed();
  const nameOf = (studentId: string): string =>
    exam.students.find((student) => student.student_id === studentId)?.student_name ?? studentId;
  const finish = async ({ request_id: id }: ExamRequest): Promise<void> => {
    if ((await finishRequest(exam.exam_id, id)).ok) done.value = new Set([...done.value, id]);
  };
  return (
    <div role="status" data-testid="requests">
      {open.length === 0 ? null : (
        <section class="notice warning" aria-labelledby="requests">
          <h2 id="requests">{texts.title}</h2>
          <ul class="requests">
            {open.map((request) => (
              <li key={request.request_id}>
                <span class="soft number" translate={false}>
                  {timeOfDayText(Date.parse(request.at))}
                </span>{' '}
                <strong translate={false}>{nameOf(request.student_id)}</strong>{' '}
                {request.kind === 'help' && request.text !== null ? texts.writes : texts[request.kind]}{' '}
                {request.text === null ? null : <q>{request.text}</q>}
                <span class="request-buttons">
                  {openStudent === null || request.kind === 'erasure' ? null : (
                    <button class="button small" type="button" onClick={() => openStudent(request.student_id)}>
                      {texts.answer}
                    </button>
                  )}
                  <button class="button quiet small" type="button" onClick={() => void finish(request)}>
                    {texts.done}
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
};
