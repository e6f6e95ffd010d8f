import { fetchNotice, saveCheck } from '../api/student-api.ts';
import type { StudentPlace } from '../api/student-api.ts';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { studentOfLink } from '../sessions/personal-link.ts';
import { examOfSession } from '../sessions/session-exam.ts';
import { sessionInAddress, withSession } from '../sessions/session-in-address.ts';
import type { CameraCheck } from './camera-check.ts';
import { checkResults } from './check-results.ts';

/** The exam of this camera check: that of the session in the address, or of the personal link (a trial run). Null if there is none. */
export const checkPlace = (): StudentPlace | null => {
  const sessionId = sessionInAddress();
  const exam = examOfSession(sessionId);
  if (exam !== null) return { ...exam, sessionId };
  const examId = examInAddress();
  const studentId = examId === null ? null : studentOfLink(examId);
  return examId === null || studentId === null ? null : { examId, studentId, sessionId: null };
};

export const isPractice = (place: StudentPlace | null): place is StudentPlace =>
  place !== null && place.sessionId === null;

/** Records the check. Never rejects, so that a failure does not keep the student from the exam. */
export const recordCheck = async (check: CameraCheck, place: StudentPlace | null): Promise<void> => {
  const { value: stage } = check.stage;
  if (place === null || stage.stage !== 'checking') return;
  await saveCheck(place, checkResults(stage.camera, check.history.value, check.calibration.value));
};

/** Address of the questions: the exam's `exam_url` with the ids of exam and session, or this server's exam page. */
export const examAddress = async (place: StudentPlace | null): Promise<string> => {
  const here = withSession('/exam/', sessionInAddress());
  if (place === null) return here;
  const notice = await fetchNotice(place.examId, place.sessionId);
  if (!notice.ok || notice.value.exam_url === null) return here;
  const address = new URL(notice.value.exam_url);
  address.searchParams.set('exam', place.examId);
  if (place.sessionId !== null) address.searchParams.set('session', place.sessionId);
  return address.href;
};
