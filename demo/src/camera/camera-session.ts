import '@invigil/engine/element';
import type { InvigilProctor } from '@invigil/engine/element';
import { signal } from '@preact/signals';
import type { Problem } from '../api/answer.ts';
import { joinAsCamera } from '../api/camera-api.ts';
import type { JoinedSession } from '../api/camera-api.ts';
import { pageLanguage } from '../page/language.ts';
import { tabStorage } from '../page/tab-storage.ts';

export type CameraStage =
  | { stage: 'joining' }
  | { stage: 'refused'; problem: Problem['problem'] }
  /** The element shows consent, camera and state. `title`: the exam's. */
  | { stage: 'joined'; element: InvigilProctor; title: string | null }
  | { stage: 'over'; isExamOver: boolean };

const key = 'invigil-camera';

/** The link's code leaves the address at once: neither history nor screenshots should show it. */
const takeCode = (): string | null => {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname);
  return code;
};

/** The session that this tab joined before a reload. */
const joinedBefore = (): JoinedSession | null => {
  const kept = tabStorage.get(key);
  return kept === null ? null : (JSON.parse(kept) as JoinedSession);
};

const createElement = ({ sessionId, token, notice }: JoinedSession): InvigilProctor => {
  const element = document.createElement('invigil-proctor');
  element.lang = pageLanguage;
  element.sessionId = sessionId;
  element.token = token;
  element.notice = notice;
  // The exam is on the computer, so leaving this page says nothing about the student's work.
  element.options = { pageSignals: false };
  return element;
};

/** The phone's side: it joins the session of its link, once, and runs the same element as the exam page. */
export const createCameraSession = () => {
  const stage = signal<CameraStage>({ stage: 'joining' });
  const code = takeCode();

  const show = (joined: JoinedSession): void => {
    const element = createElement(joined);
    element.addEventListener('invigil-stage', ({ detail }) => {
      if (detail.stage === 'closed') stage.value = { stage: 'over', isExamOver: detail.reason === 'session_ended' };
    });
    // Another camera has taken over; this one must not stay on.
    element.addEventListener('invigil-delivery', ({ detail }) => {
      if (detail.state === 'ended' && detail.reason === 'replaced') void element.stop();
    });
    stage.value = { stage: 'joined', element, title: joined.notice?.title ?? null };
  };

  /** With the session that this tab has joined. */
  const rejoin = (): void => {
    const before = joinedBefore();
    if (before === null) stage.value = { stage: 'refused', problem: 'unknown' };
    else show(before);
  };

  /** Can be called again if the server was unreachable. */
  const join = async (): Promise<void> => {
    if (code === null) return rejoin();
    stage.value = { stage: 'joining' };
    const answer = await joinAsCamera(code);
    if (!answer.ok) {
      stage.value = { stage: 'refused', problem: answer.problem };
      return;
    }
    tabStorage.set(key, JSON.stringify(answer.value));
    show(answer.value);
  };

  return { stage, join, rejoin };
};

export type CameraSession = ReturnType<typeof createCameraSession>;
