import '@invigil/engine/element';
import type { ExamNotice, InvigilProctor, SessionTicket, Stage } from '@invigil/engine/element';
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { pageLanguage } from '../page/language.ts';
import { safeExamBrowserTexts } from '../safe-exam-browser/safe-exam-browser-texts.ts';
import { tabStorage } from '../page/tab-storage.ts';
import { demoExamId } from '../sessions/demo-exam.ts';
import { handIn, saveAnswer } from '../api/exam-api.ts';
import { endSession, fetchMembership, startSession } from '../api/session-api.ts';
import { fetchNotice, sendRequest } from '../api/student-api.ts';
import type { Notice } from '../api/student-api.ts';
import { createExamWork } from './exam-work.ts';
import type { ExamWork, StoredHandIn } from './exam-work.ts';
import { createPhoneCamera, isPhoneCamera } from './phone-camera.ts';
import type { Answer, Problem } from '../api/answer.ts';
import { examInAddress } from '../sessions/exam-in-address.ts';
import { studentOfLink } from '../sessions/personal-link.ts';
import { examOfSession } from '../sessions/session-exam.ts';
import type { SessionExam } from '../sessions/session-exam.ts';
import { problemTexts } from '../sessions/problem-texts.ts';
import { noteSessionInAddress, sessionInAddress } from '../sessions/session-in-address.ts';
import { tokenOf } from '../sessions/session-token.ts';
import { examTexts } from './exam-texts.ts';

/** The part of the page beside the element: the exam while it runs, otherwise the available actions. */
export type ExamStage =
  | { stage: Exclude<Stage['stage'], 'closed'> }
  /** A phone is the camera, or is about to be. */
  | { stage: 'phone' }
  /** Some readings are still on this device only. */
  | { stage: 'undelivered' }
  /** `isRefused`: the server refused the answers or the hand-in; the student may end without it. */
  | { stage: 'not_ended'; problem: Problem; isRefused: boolean }
  /**
   * The server stored the hand-in. `atMs`: Unix epoch, by the server's clock. `lost`: readings that could not be delivered.
   * `refusedAnswers`: answers that came too late.
   */
  | { stage: 'handed_in'; atMs: number; lost: number; refusedAnswers: number }
  /** It ended without a hand-in. `lost`: null if the session was ended from elsewhere. */
  | { stage: 'over'; lost: number | null };

/** The exam and the student of this page: those of the session's start, of a personal link, or of the demo. */
const examHere = (): SessionExam => {
  const examId = examInAddress() ?? demoExamId;
  return examOfSession(sessionInAddress()) ?? { examId, studentId: studentOfLink(examId) ?? 'guest' };
};

const startProblemText = ({ code, detail, problem }: Problem): string =>
  code === 'SAFE_EXAM_BROWSER_REQUIRED'
    ? `${safeExamBrowserTexts.refused} ${safeExamBrowserTexts.help}`
    : (detail ?? problemTexts[problem]);

const createElement = (exam: SessionExam, onNotice: (notice: Notice) => void): InvigilProctor => {
  const element = document.createElement('invigil-proctor');
  element.lang = pageLanguage;
  element.sessionId = sessionInAddress();
  element.texts = { consent: { kept: { text: examTexts.kept } } };
  const askForHelp = async (text: string): Promise<void> => {
    const answer = await sendRequest({ ...exam, sessionId: element.sessionId }, 'help', text === '' ? null : text);
    if (!answer.ok) throw new Error(answer.detail ?? answer.problem);
  };
  element.help = askForHelp;
  element.notice = async (): Promise<ExamNotice> => {
    const answer = await fetchNotice(exam.examId, element.sessionId);
    if (!answer.ok) throw new Error(answer.detail ?? answer.problem);
    // A server of an earlier version does not state it, and accepts messages.
    element.help = (answer.value.chat ?? true) ? askForHelp : null;
    // The questions are in another window, so leaving this one means nothing.
    if (answer.value.has_assessment) element.options = { ...element.options, pageSignals: false };
    onNotice(answer.value);
    return answer.value;
  };
  /** The consent and the phone's code can both ask for the session; only one is started. */
  let starting: ReturnType<typeof startSession> | null = null;
  element.session = async (): Promise<SessionTicket> => {
    if (element.sessionId === null) {
      starting ??= startSession(exam.examId, exam.studentId).finally(() => (starting = null));
      const answer = await starting;
      if (!answer.ok) throw new Error(startProblemText(answer));
      element.sessionId = answer.value;
      noteSessionInAddress(answer.value);
    }
    const token = tokenOf(element.sessionId);
    return { sessionId: element.sessionId, ...(token === null ? {} : { token }) };
  };
  return element;
};

/** A server that does not answer must not keep the camera running. */
const handInWithinMs = 4000;

/** @returns `unreachable` if the hand-in takes longer than `handInWithinMs` */
const within = <Value>(handedIn: Promise<Answer<Value>>): Promise<Answer<Value>> => {
  const late: Problem = { ok: false, problem: 'unreachable', detail: examTexts.notEnded.answersKept };
  return Promise.race([handedIn, new Promise<Problem>((resolve) => setTimeout(() => resolve(late), handInWithinMs))]);
};

const unsentKey = (sessionId: string | null): string => `invigil-unsent:${sessionId}`;

/** Answers go to the exam of the element's session, each with the head of the chain that the element has delivered. */
const createWork = (element: InvigilProctor): ExamWork => {
  let chain: string | null = null;
  element.addEventListener('invigil-delivery', ({ detail }) => (chain = detail.chain));
  let membership: ReturnType<typeof fetchMembership> | null = null;
  const withExam = async <Value>(
    send: (sessionId: string, examId: string, student: { student_id?: string }) => Promise<Answer<Value>>,
  ): Promise<Answer<Value>> => {
    const { sessionId } = element;
    if (sessionId === null) return { ok: false, problem: 'unreachable', detail: null };
    const known = await (membership ??= fetchMembership(sessionId));
    if (!known.ok) {
      membership = null;
      return known;
    }
    const { examId, memberId } = known.value;
    if (examId === null) return { ok: false, problem: 'unknown', detail: null, code: 'NOT_FOUND' };
    return send(sessionId, examId, memberId === null ? {} : { student_id: memberId });
  };
  return createExamWork({
    save: (answer) =>
      withExam((sessionId, examId, student) => saveAnswer(sessionId, examId, { ...student, ...answer })),
    handIn: (head) => withExam((sessionId, examId, student) => handIn(sessionId, examId, { ...student, chain: head })),
    chain: () => chain,
    unsent: {
      read: () => tabStorage.get(unsentKey(element.sessionId)),
      write: (text) => tabStorage.set(unsentKey(element.sessionId), text),
    },
  });
};

/** Shows a code for a phone. The computer's camera is closed first, and its readings are delivered. */
const showCode = async (
  element: InvigilProctor,
  stage: Signal<ExamStage>,
  phone: Pick<ReturnType<typeof createPhoneCamera>, 'show'>,
): Promise<void> => {
  const before = stage.value;
  stage.value = { stage: 'phone' };
  try {
    const sessionId = (await element.session?.())?.sessionId ?? element.sessionId ?? '';
    const { waiting } = await element.stop();
    // The phone continues the numbers of the readings, so none may be left on this device.
    if (waiting > 0) stage.value = { stage: 'undelivered' };
    else await phone.show(sessionId);
  } catch {
    stage.value = before;
  }
};

/** One student's session in this page: the element's, and its end. */
export const createStudentSession = () => {
  const exam = examHere();
  const notice = signal<Notice | null>(null);
  const element = createElement(exam, (read) => (notice.value = read));
  let lost = 0;
  const work = createWork(element);
  const isPhone = isPhoneCamera(element.sessionId);
  const stage = signal<ExamStage>({ stage: isPhone ? 'phone' : 'consent' });

  /** Whether the student has ended the exam. */
  let isEnding = false;

  const endWith = async (ended: ExamStage): Promise<void> => {
    if (element.sessionId === null) return;
    stage.value = { stage: 'ending' };
    const answer = await endSession(element.sessionId);
    stage.value = answer.ok ? ended : { stage: 'not_ended', problem: answer, isRefused: false };
  };

  const overOr = (stored: StoredHandIn | null): ExamStage =>
    stored === null
      ? { stage: 'over', lost }
      : { stage: 'handed_in', atMs: Date.parse(stored.at), lost, refusedAnswers: stored.refusedAnswers };

  const finish = async (): Promise<void> => {
    if (element.sessionId === null) return;
    stage.value = { stage: 'ending' };
    // Leaving this page would drop answers that have not arrived.
    const handedIn = isEnding ? await within(work.handIn()) : ({ ok: true, value: null } as const);
    if (handedIn.ok) await endWith(overOr(handedIn.value));
    else stage.value = { stage: 'not_ended', problem: handedIn, isRefused: handedIn.problem !== 'unreachable' };
  };

  /** Ends the session although the server refused the hand-in. */
  const endWithoutHandIn = (): Promise<void> => endWith({ stage: 'over', lost });

  const phone = createPhoneCamera(() => (stage.value = { stage: 'over', lost: null }));
  if (isPhone && element.sessionId !== null) {
    phone.resume(element.sessionId);
    // The element, which is not in the page, would have read it.
    if (typeof element.notice === 'function') void element.notice().catch(() => undefined);
  }

  element.addEventListener('invigil-stage', ({ detail }) => {
    if (stage.value.stage === 'phone') return;
    if (detail.stage !== 'closed') {
      stage.value = { stage: detail.stage };
      return;
    }
    lost = detail.result.lost + detail.result.waiting;
    if (detail.reason === 'session_ended' && !isEnding) stage.value = { stage: 'over', lost: null };
    else if (detail.result.waiting > 0) stage.value = { stage: 'undelivered' };
    else void finish();
  });

  const choosePhone = (): Promise<void> => showCode(element, stage, phone);
  const chooseComputer = (): void => {
    if (element.sessionId !== null) phone.leave(element.sessionId);
  };

  const end = async (): Promise<void> => {
    isEnding = true;
    if (stage.value.stage === 'phone') {
      phone.close();
      return finish();
    }
    // While the camera still runs, so that the hand-in is observed.
    await within(work.handIn());
    await element.stop();
  };

  return { element, stage, exam, notice, work, phone, finish, endWithoutHandIn, end, choosePhone, chooseComputer };
};

export type StudentSession = ReturnType<typeof createStudentSession>;
