import { createProctor } from '@invigil/engine';
import type {
  CalibrationState,
  Cameras,
  CameraState,
  LoadProgress,
  Proctor,
  ProctorEvents,
  ProctorState,
} from '@invigil/engine';
import { failureTexts } from '@invigil/engine/i18n';
import { signal } from '@preact/signals';
import { pageLanguage } from '../page/language.ts';
import { sessionInAddress } from '../sessions/session-in-address.ts';

export type Reading = ProctorEvents['reading'];

export type CheckStage =
  | { stage: 'intro' }
  | { stage: 'preparing'; progress: LoadProgress | null }
  | { stage: 'checking'; camera: CameraState }
  | { stage: 'failed'; message: string; detail: string | null };

/** The check needs no session; this name is never sent. */
const unsentSessionId = 'camera-check';
/** Readings kept for the rate and the chart: 20 s at the fastest pace. */
const historyMs = 20_000;

/** The camera check in this page, without recording or sending. */
export const createCameraCheck = (video: HTMLVideoElement) => {
  const stage = signal<CheckStage>({ stage: 'intro' });
  const history = signal<readonly Reading[]>([]);
  const calibration = signal<CalibrationState>({ state: 'none' });
  const cameras = signal<Cameras>({ choices: null, usedId: null });
  let proctor: Proctor | null = null;

  const fail = (message: string, detail: string | null): void => {
    stage.value = { stage: 'failed', message, detail };
  };

  const onState = (state: ProctorState): void => {
    if (state.state === 'preparing') stage.value = { stage: 'preparing', progress: state.progress };
    else if (state.state === 'checking' || state.state === 'calibrating')
      stage.value = { stage: 'checking', camera: state.camera };
    else if (state.state === 'failed') fail(failureTexts[pageLanguage][state.error.reason], state.error.detail);
  };

  const begin = async (): Promise<void> => {
    await proctor?.stop();
    stage.value = { stage: 'preparing', progress: null };
    try {
      proctor = createProctor({ serverUrl: location.origin, sessionId: sessionInAddress() ?? unsentSessionId, video });
      proctor.on('state', onState);
      proctor.on('calibration', (state) => (calibration.value = state));
      calibration.value = proctor.calibration;
      proctor.on('cameras', (list) => (cameras.value = list));
      proctor.on('reading', (reading) => {
        const from = reading.timestamp - historyMs;
        history.value = [...history.value.filter(({ timestamp }) => timestamp >= from), reading];
      });
      // Asks for the camera while the models load.
      await proctor.check();
    } catch (error) {
      if (stage.peek().stage !== 'failed') fail(error instanceof Error ? error.message : String(error), null);
    }
  };

  const calibrate = async (): Promise<void> => {
    await proctor?.calibrate(document.body).catch(() => {
      // The stage states what failed.
    });
  };

  const chooseCamera = async (deviceId: string): Promise<void> => {
    await proctor?.chooseCamera(deviceId).catch(() => {
      // The camera in use stays, and the list shows it.
      cameras.value = { ...cameras.value };
    });
  };

  /** Switches the camera off, so that the exam page can open it. */
  const leave = async (): Promise<void> => {
    await proctor?.stop();
  };

  return { stage, history, calibration, cameras, begin, calibrate, chooseCamera, leave };
};

export type CameraCheck = ReturnType<typeof createCameraCheck>;
