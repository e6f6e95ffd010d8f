'use client';

import { useRef, useState, useSyncExternalStore } from 'react';
import type { SubmitEvent } from 'react';
import { InvigilProctor } from '@invigil/engine/react';
import type { InvigilProctor as ProctorElement } from '@invigil/engine/element';
import { askForHelp, handIn, readNotice, renewToken, signIn, startSession } from './exam-api.ts';

const fieldsOf = (event: SubmitEvent<HTMLFormElement>): Record<string, string> => {
  event.preventDefault();
  return Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
};

const neverChanges = () => () => undefined;

interface ExamPageProps {
  title: string;
  proctorUrl: string;
  /** Whether the student signed in before this page was loaded. */
  isKnown: boolean;
}

/** One exam on one page: sign in, agree to the proctoring, answer, hand in. */
export const ExamPage = ({ title, proctorUrl, isKnown }: ExamPageProps) => {
  const proctor = useRef<ProctorElement>(null);
  // The server's HTML can be clicked before React handles it: the form would reload the page, and the component have no session.
  const isReady = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const [isSignedIn, setSignedIn] = useState(isKnown);
  const [isRunning, setRunning] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const [message, setMessage] = useState('');
  // Kept until the hand-in has succeeded, because the form disappears when the camera is switched off.
  const [answers, setAnswers] = useState<Record<string, string> | null>(null);

  const attempt = (work: Promise<unknown>): void => {
    setMessage('');
    work.catch((error: Error) => setMessage(error.message));
  };

  const enter = async (student: string): Promise<void> => {
    await signIn(student);
    setSignedIn(true);
  };

  const finish = async (given: Record<string, string>): Promise<void> => {
    setAnswers(given);
    // Closes the camera and delivers the remaining frames, so that the report is complete.
    await proctor.current?.stop();
    const { handedInAt } = await handIn(given);
    setAnswers(null);
    setMessage(`Handed in at ${new Date(handedInAt).toLocaleTimeString()}. You can close this page.`);
  };

  return (
    <>
      <h1>{title}</h1>
      {isSignedIn && isReady && (
        <InvigilProctor
          ref={proctor}
          serverUrl={proctorUrl}
          session={startSession}
          notice={readNotice}
          help={askForHelp}
          token={token}
          onStage={({ stage }) => setRunning(stage === 'running')}
          // If this fails, the component asks again. Frames wait on the device until then.
          onTokenExpired={() =>
            void renewToken().then(
              (renewed) => setToken(renewed.token),
              () => undefined,
            )
          }
        />
      )}
      {!isSignedIn && (
        <form id="sign-in" onSubmit={(event) => attempt(enter(fieldsOf(event)['student'] ?? ''))}>
          <label>
            Your student number <input name="student" required autoComplete="username" />
          </label>
          <button disabled={!isReady}>Continue</button>
        </form>
      )}
      {isRunning && (
        <form id="exam" onSubmit={(event) => attempt(finish(fieldsOf(event)))}>
          <label>
            Which river flows through the most countries? <input name="river" />
          </label>
          <button>Hand in</button>
        </form>
      )}
      {!isRunning && answers !== null && <button onClick={() => attempt(finish(answers))}>Hand in again</button>}
      <p id="message" role="status">
        {message}
      </p>
    </>
  );
};
