import type { Answer } from './answer.ts';
import { giveExtraTime } from './exam-api.ts';

/**
 * Gives extra time in an exam. After a lost answer, the same change is sent as the same request, which adds nothing if the first one arrived.
 * @returns a function of the minutes and the students (null: all), which returns the number of students who got it
 */
export const createExtraTimeSender = (examId: string) => {
  let unanswered: { change: string; requestId: string } | null = null;
  return async (minutes: number, studentIds: string[] | null): Promise<Answer<number>> => {
    const change = JSON.stringify([minutes, studentIds]);
    const request = unanswered?.change === change ? unanswered : { change, requestId: crypto.randomUUID() };
    unanswered = request;
    const answer = await giveExtraTime(examId, { minutes, studentIds, requestId: request.requestId });
    if (answer.ok) unanswered = null;
    return answer;
  };
};
