import '@invigil/engine/element';
import type { InvigilProctor, SessionTicket, Stage } from '@invigil/engine/element';
import { signal } from '@preact/signals';
import { pageLanguage } from '../page/language.ts';
import { tabStorage } from '../page/tab-storage.ts';
import { demoExamId } from '../sessions/demo-exam.ts';
import { handIn, saveAnswer } from '../api/exam-api.ts';
import { endSession, fetchMembership, startSession } from '../api/session-api.ts';
import { createExamWork } from './exam-work.ts';
import type { ExamWork } from './exam-work.ts';
import type { Answer } from '../api/answer.ts';
import { noteSessionInAddress, sessionInAddress, withSession } from '../sessions/session-in-address.ts';
import { tokenOf } from '../sessions/session-token.ts';
import { examTexts } from './exam-texts.ts';

type Problem = Extract<Answer<unknown>, { ok: false }>;

/** The part of the page beside the element: the exam while it runs, otherwise the available actions. */
export type ExamStage =
  | { stage: Exclude<Stage['stage'], 'closed'> }
  /** Some readings are still on this device only. */
  | { stage: 'undelivered' }
  | { stage: 'not_ended'; problem: Problem }
  | { stage: 'over' };

const createElement = (): InvigilProctor => {
  const element = document.createElement('invigil-proctor');
  element.lang = pageLanguage;
  element.sessionId = sessionInAddress();
  element.texts = { consent: { kept: { text: examTexts.kept } } };
  element.session = async (): Promise<SessionTicket> => {
    if (element.sessionId === null) {
      const answer = await startSession(demoExamId, 'guest');
      if (!answer.ok) throw new Error(answer.detail ?? answer.problem);
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

/** @returns false if it has not happened by then */
const within = (handedIn: Promise<boolean>): Promise<boolean> =>
  Promise.race([handedIn, new Promise<false>((resolve) => setTimeout(() => resolve(false), handInWithinMs))]);

const unsentKey = (sessionId: string | null): string => `invigil-unsent:${sessionId}`;

/** Answers go to the exam of the element's session, each with the head of the chain that the element has delivered. */
const createWork = (element: InvigilProctor): ExamWork => {
  let chain: string | null = null;
  element.addEventListener('invigil-delivery', ({ detail }) => (chain = detail.chain));
  let membership: ReturnType<typeof fetchMembership> | null = null;
  const withExam = async (
    send: (sessionId: string, examId: string, student: { student_id?: string }) => Promise<Answer<unknown>>,
  ): Promise<Answer<unknown>> => {
    const { sessionId } = element;
    if (sessionId === null) return { ok: false, problem: 'unreachable', detail: null };
    const known = await (membership ??= fetchMembership(sessionId));
    if (!known.ok) {
      membership = null;
      return known;
    }
    const { examId, memberId } = known.value;
    if (examId === null) return { ok: false, problem: 'refused', detail: null };
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

/** One student's session in this page: the element's, and its end. */
export const createStudentSession = () => {
  const element = createElement();
  const work = createWork(element);
  const stage = signal<ExamStage>({ stage: 'consent' });

  /** Set once the student has ended the exam. */
  let handedIn: Promise<boolean> | null = null;

  const finish = async (): Promise<void> => {
    if (element.sessionId === null) return;
    stage.value = { stage: 'ending' };
    // Leaving this page would drop answers that have not arrived.
    if (handedIn !== null && !(await within(handedIn))) {
      stage.value = {
        stage: 'not_ended',
        problem: { ok: false, problem: 'unreachable', detail: examTexts.notEnded.answersKept },
      };
      return;
    }
    const answer = await endSession(element.sessionId);
    if (answer.ok) location.assign(withSession('/report/', element.sessionId));
    else stage.value = { stage: 'not_ended', problem: answer };
  };

  element.addEventListener('invigil-stage', ({ detail }) => {
    if (detail.stage !== 'closed') stage.value = { stage: detail.stage };
    else if (detail.reason === 'session_ended') stage.value = { stage: 'over' };
    else if (detail.result.waiting > 0) stage.value = { stage: 'undelivered' };
    else void finish();
  });

  const end = async (): Promise<void> => {
    // While the camera still runs, so that the hand-in is observed.
    handedIn = work.handIn().then(() => true);
    await within(handedIn);
    await element.stop();
  };

  return { element, stage, work, finish, end };
};

export type StudentSession = ReturnType<typeof createStudentSession>;
