import { createProctor } from '@invigil/engine';
import type { DeliveryState, LoadProgress, Proctor, ProctorState, StopResult } from '@invigil/engine';
import type { FeatureFrame, Observation, RuleEvent } from '@invigil/protocol';
import { signal } from '@preact/signals';
import { demoExamId } from '../sessions/demo-exam.ts';
import { markBegun } from '../sessions/begun-mark.ts';
import { endSession, startSession } from '../sessions/session-api.ts';
import type { Answer } from '../sessions/session-api.ts';
import { noteSessionInAddress, sessionInAddress, withSession } from '../sessions/session-in-address.ts';
import { tokenOf } from '../sessions/session-token.ts';

type Problem = Extract<Answer<unknown>, { ok: false }>;

/** Where the student is in the sitting. Each stage is one view of the page. */
export type Stage =
  | { stage: 'consent' }
  | { stage: 'preparing'; progress: LoadProgress | null }
  | { stage: 'running'; sinceMs: number }
  | { stage: 'ending' }
  /** Some readings are still on this device only. */
  | { stage: 'undelivered'; result: StopResult }
  | { stage: 'not_started'; problem: Problem }
  | { stage: 'not_ended'; problem: Problem }
  /** `message` is the engine's own, written for the student. */
  | { stage: 'failed'; message: string; detail: string | null }
  | { stage: 'over' };

/** An observation as the panel lists it. */
export interface Noted {
  observation: Observation;
  running: boolean;
}

/** Observations that the panel keeps; the report has all of them. */
const maxNoted = 50;

/** One student's sitting in this page: what the engine says, as signals for the view. */
export const createSitting = (video: HTMLVideoElement) => {
  const stage = signal<Stage>({ stage: 'consent' });
  const sessionId = signal<string | null>(sessionInAddress());
  const frame = signal<FeatureFrame | null>(null);
  const frames = signal(0);
  const delivery = signal<DeliveryState | null>(null);
  const noted = signal<readonly Noted[]>([]);
  const trouble = signal<string | null>(null);
  let proctor: Proctor | null = null;

  const note = ({ event, observation }: RuleEvent): void => {
    const others = noted.value.filter((entry) => entry.observation.id !== observation.id);
    noted.value = [{ observation, running: event === 'opened' }, ...others].slice(0, maxNoted);
  };

  const onState = (state: ProctorState): void => {
    if (state.state === 'preparing') stage.value = { stage: 'preparing', progress: state.progress };
    else if (state.state === 'running') {
      if (stage.peek().stage !== 'running') stage.value = { stage: 'running', sinceMs: state.sinceMs };
      if (state.camera.state === 'on') trouble.value = null;
    } else if (state.state === 'failed') {
      stage.value = { stage: 'failed', message: state.error.message, detail: state.error.detail };
    } else if (state.state === 'closed' && state.reason === 'session_ended') stage.value = { stage: 'over' };
  };

  const listen = (to: Proctor): void => {
    to.on('state', onState);
    to.on('delivery', (state) => (delivery.value = state));
    to.on('observation', note);
    to.on('error', (error) => (trouble.value = error.recoverable ? error.message : null));
    to.on('frame', (next) => {
      frame.value = next;
      frames.value += 1;
    });
  };

  const begin = async (): Promise<void> => {
    stage.value = { stage: 'preparing', progress: null };
    if (sessionId.value === null) {
      const answer = await startSession(demoExamId, 'guest');
      if (!answer.ok) {
        stage.value = { stage: 'not_started', problem: answer };
        return;
      }
      sessionId.value = answer.value;
      noteSessionInAddress(answer.value);
    }
    const token = tokenOf(sessionId.value);
    try {
      proctor = createProctor({
        serverUrl: location.origin,
        sessionId: sessionId.value,
        ...(token === null ? {} : { token }),
        video,
      });
      listen(proctor);
      await proctor.start();
      markBegun(sessionId.value);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (stage.peek().stage !== 'failed') stage.value = { stage: 'failed', message, detail: null };
    }
  };

  const finish = async (): Promise<void> => {
    if (sessionId.value === null) return;
    stage.value = { stage: 'ending' };
    const answer = await endSession(sessionId.value);
    if (answer.ok) location.assign(withSession('/report/', sessionId.value));
    else stage.value = { stage: 'not_ended', problem: answer };
  };

  const end = async (): Promise<void> => {
    stage.value = { stage: 'ending' };
    const result = (await proctor?.stop()) ?? { delivered: 0, waiting: 0, lost: 0 };
    if (result.waiting > 0) stage.value = { stage: 'undelivered', result };
    else await finish();
  };

  return { stage, sessionId, frame, frames, delivery, noted, trouble, begin, end, finish };
};

export type Sitting = ReturnType<typeof createSitting>;
