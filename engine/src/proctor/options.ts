import { isId } from '@invigil/protocol/frame';
import type { ExamAreaSource } from '../calibration/exam-area.ts';
import type { TokenSource } from '../connection/token-source.ts';
import type { BackendName } from '../perception/models/backend-name.ts';
import type { ModelUrls } from '../perception/options.ts';
import { ProctorError } from '../errors/proctor-error.ts';

export interface ProctorOptions {
  /** Where the server is, for example `location.origin`. */
  serverUrl: string;
  /** As returned by the server's start call. */
  sessionId: string;
  token?: TokenSource;
  /** Feature frames a second, 1–15. Default 5. Slower devices send fewer. */
  frameRateHz?: number;
  /** Base address of the model files. Default `<serverUrl>/models/`. */
  modelsUrl?: string;
  /** Default 'auto': the one that was fastest when timed. */
  backend?: 'auto' | BackendName;
  /** Your own weights, for example from the official coco-ssd address. */
  models?: ModelUrls;
  /** Share of one processor core that image analysis may use, 0.05–1. Default 0.35. */
  budget?: number;
  /** Maximum number of faces to count, 1–8. Default 4. */
  maxFaces?: number;
  /** A video element for the camera preview. It is muted and played, and emptied at the end. */
  video?: HTMLVideoElement;
  /** A camera's `deviceId`; default is the remembered camera, or else the browser's choice (a colour camera if there is one). */
  deviceId?: string;
  /** Requested image size in pixels. Default 640 × 480; a camera with another size is used as it is. */
  cameraWidthPx?: number;
  cameraHeightPx?: number;
  /** `start` continues with the camera that `check` opened instead of opening it again. Default false. */
  keepCamera?: boolean;
  /** Report violations that the page detects: tab switches, copy and paste, … Never content. Default true. */
  pageSignals?: boolean;
  /**
   * The exam's area, CSS pixels in the viewport, or a function called for each frame. Once gaze is calibrated, frames
   * state whether the gaze point lies in it. Default: the whole viewport.
   */
  examArea?: ExamAreaSource;
  /**
   * Send thumbnails (at most 160 pixels wide, 8 kB) if the exam's policy requests them: every two seconds while a
   * proctor watches, or one with an alert. Only for pages that inform their students about it, and show `pictures`.
   * Default false.
   */
  pictures?: boolean;
  /**
   * How often frames are sent, milliseconds, 100–60,000; those of an observation or a violation are sent at once.
   * Default 2,000.
   */
  batchIntervalMs?: number;
  /** Maximum number of frames kept on the device, 100–1,000,000. Default 36,000 (two hours at 5 a second). */
  outboxMaxFrames?: number;
  /** Maximum number of bytes kept on the device, 100,000–1,000,000,000. Default 32,000,000. */
  outboxMaxBytes?: number;
  /** How long `stop` continues delivering, milliseconds, 0–600,000. Default 10,000. */
  drainTimeoutMs?: number;
}

export const defaultProctorOptions = {
  frameRateHz: 5,
  backend: 'auto',
  budget: 0.35,
  maxFaces: 4,
  cameraWidthPx: 640,
  cameraHeightPx: 480,
  keepCamera: false,
  pageSignals: true,
  pictures: false,
  batchIntervalMs: 2000,
  outboxMaxFrames: 36_000,
  outboxMaxBytes: 32_000_000,
  drainTimeoutMs: 10_000,
} as const;

const rangesByOption = {
  frameRateHz: [1, 15],
  budget: [0.05, 1],
  maxFaces: [1, 8],
  cameraWidthPx: [160, 7680],
  cameraHeightPx: [120, 4320],
  batchIntervalMs: [100, 60_000],
  outboxMaxFrames: [100, 1_000_000],
  outboxMaxBytes: [100_000, 1_000_000_000],
  drainTimeoutMs: [0, 600_000],
} as const;

type Defaulted = keyof typeof defaultProctorOptions | 'modelsUrl';
export type ResolvedOptions = Omit<ProctorOptions, Defaulted> & Required<Pick<ProctorOptions, Defaulted>>;

const refused = (name: string, was: unknown, allowed: string): ProctorError =>
  new ProctorError('options_invalid', { detail: `${name} is ${String(was)}; it may be ${allowed}` });

/** Fills in the defaults. Throws a ProctorError that names the option, its value and the allowed values. */
export const resolveOptions = (options: ProctorOptions): ResolvedOptions => {
  if (!isId(options.sessionId)) {
    throw refused('sessionId', options.sessionId, 'letters, digits and _ - . ~ @');
  }
  if (!URL.canParse(options.serverUrl) || !/^https?:$/.test(new URL(options.serverUrl).protocol)) {
    throw refused('serverUrl', options.serverUrl, 'an address that begins with http or https');
  }
  for (const [name, [min, max]] of Object.entries(rangesByOption)) {
    const value = options[name as keyof typeof rangesByOption];
    if (value !== undefined && !(value >= min && value <= max)) {
      throw refused(name, value, `${min} to ${max}`);
    }
  }
  const serverUrl = options.serverUrl.replace(/\/+$/, '');
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as ProctorOptions;
  return { modelsUrl: `${serverUrl}/models/`, ...defaultProctorOptions, ...given, serverUrl };
};
