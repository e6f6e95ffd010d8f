import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { createExtraTimeSender } from '../../api/extra-time-sender.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';

/** Gives extra time, and what the server answered. */
export const useExtraTime = (watch: ExamWatch) => {
  const outcome = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const { exam_id: examId } = watch.state.value;
  const send = useMemo(() => createExtraTimeSender(examId), [examId]);
  /** @param studentIds null: all students */
  const give = async (minutes: number, studentIds: string[] | null): Promise<void> => {
    isBusy.value = true;
    const answer = await send(minutes, studentIds);
    isBusy.value = false;
    outcome.value = answer.ok
      ? guidanceTexts.extraTime.given(answer.value)
      : (answer.detail ?? proctorTexts.student.failed);
    watch.refresh();
  };
  return { outcome, isBusy, give };
};
