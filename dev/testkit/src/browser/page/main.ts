import type { Features } from '@invigil/protocol/frame';
import { createProctor } from '@invigil/engine';
import type { CameraState } from '@invigil/engine';
import {
  assembleFrame,
  Camera,
  createWorkerTimers,
  Delivery,
  openCamera,
  resolveOptions,
  TrackFrameSource,
  VideoFrameSource,
} from '@invigil/engine/testing/browser';
import type { DeliveryState, ProctorOptions } from '@invigil/engine/testing/browser';

const size = { deviceId: null, widthPx: 640, heightPx: 480 };

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/**
 * A complete frame of a student who sits and writes: all readings, calibrated, with realistic precision. Each number
 * varies at random with each frame, within a person's normal movement.
 */
const fullReadings = (): Features => {
  const by = (middle: number, spread: number, step: number): number =>
    Number((Math.round((middle + (Math.random() - 0.5) * spread) / step) * step).toFixed(4));
  return {
    face_present: 1,
    no_of_face: 1,
    face_x: by(320, 20, 0.1),
    face_y: by(240, 20, 0.1),
    face_w: by(220, 8, 0.1),
    face_h: by(280, 8, 0.1),
    face_conf: 100,
    head_yaw: by(0.1, 0.1, 0.0001),
    head_pitch: by(0.1, 0.1, 0.0001),
    head_roll: by(0, 0.1, 0.0001),
    head_pose: 'forward',
    gaze_on_script: 1,
    gaze_direction: Math.random() < 0.8 ? 'center' : 'bottom',
    gazePoint_x: by(700, 300, 1),
    gazePoint_y: by(400, 200, 1),
    phone_present: 0,
    phone_conf: by(5, 10, 1),
    hand_count: 1,
    hand_near_face: 0,
    hand_holding_object: 0,
    still_faces: 0,
    eye_open_left: by(0.8, 0.2, 0.001),
    eye_open_right: by(0.8, 0.2, 0.001),
    blink_rate_per_min: by(15, 2, 0.1),
    mouth_open: by(0.1, 0.1, 0.001),
    mouth_moving: 0,
    image_brightness: by(0.47, 0.01, 0.001),
    image_contrast: by(0.44, 0.01, 0.001),
    image_sharpness: by(0.5, 0.05, 0.001),
    image_obstructed: 0,
    image_frozen: 0,
    image_frozen_for_ms: 0,
    image_width: 640,
    image_height: 480,
    page_hidden: 0,
    engine_backend: 'wasm',
    engine_latency_ms: by(60, 20, 0.1),
    engine_face_ms: by(30, 10, 0.1),
    engine_object_ms: by(170, 10, 0.1),
    engine_hand_ms: by(90, 10, 0.1),
    engine_skipped: 0,
    engine_face_hz: by(5, 0.1, 0.01),
    engine_object_hz: by(1, 0.1, 0.01),
    engine_hand_hz: by(0.5, 0.1, 0.01),
    engine_load: by(0.3, 0.05, 0.001),
  };
};

/** Delivery with frames from a clock instead of the camera. */
const recordFrames = async (options: ProctorOptions, frameRateHz: number, areFull = false) => {
  const timers = createWorkerTimers();
  const states: DeliveryState[] = [];
  const errors: string[] = [];
  const delivery = await Delivery.open(resolveOptions(options), timers, {
    onState: (state) => states.push(state),
    onError: ({ reason }) => errors.push(reason),
  });
  const recorded: { seq: number; timestamp: number; correctedMs: number }[] = [];
  delivery.connect();
  const stopRecording = timers.every(1000 / frameRateHz, () => {
    const readings = areFull ? fullReadings() : { face_present: 1 as const, no_of_face: 1 };
    const at = { wallMs: Date.now(), monotonicMs: performance.now() };
    const frame = delivery.record(at, (stamp) => assembleFrame({ readings, stamp }));
    const { seq, timestamp, clock_corrected_ms: correctedMs } = frame;
    recorded.push({ seq, timestamp: Number(timestamp), correctedMs: correctedMs ?? 0 });
  });
  return { delivery, states, errors, recorded, stopRecording };
};

const watchCamera = (video: HTMLVideoElement, seen: { states: CameraState[]; errors: string[] }): Promise<Camera> =>
  Camera.open(size, {
    timers: createWorkerTimers(),
    video,
    onState: (state) => seen.states.push(state),
    onError: ({ reason }) => seen.errors.push(reason),
  });

/** Takes images from one kind of source. */
const trySource = async (kind: 'track' | 'video') => {
  const stream = await openCamera(size);
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new Error('no track');
  const source = kind === 'track' ? new TrackFrameSource(track) : new VideoFrameSource(stream);
  while (source.lastArrivalMs === null) await pause(20);
  const taken = (await Promise.all([source.take(), source.take()])).filter((frame) => frame !== null);
  const [first = null] = taken;
  const [width, height] =
    first === null
      ? [0, 0]
      : first.image instanceof VideoFrame
        ? [first.image.displayWidth, first.image.displayHeight]
        : [first.image.width, first.image.height];
  for (const { image } of taken) image.close();
  await pause(500);
  const later = await source.take();
  later?.image.close();
  source.close();
  track.stop();
  const afterClose = await source.take();
  return {
    takenAtOnce: taken.length,
    later: later !== null,
    width,
    height,
    afterClose: afterClose !== null,
  };
};

const page = { createProctor, recordFrames, openCamera, watchCamera, trySource };
export type TestPage = typeof page;

declare global {
  var invigil: TestPage;
}
globalThis.invigil = page;
