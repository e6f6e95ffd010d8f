import { Camera } from '../../src/camera/camera.ts';
import { openCamera } from '../../src/camera/open-camera.ts';
import { TrackFrameSource } from '../../src/camera/track-frame-source.ts';
import { VideoFrameSource } from '../../src/camera/video-frame-source.ts';
import { Delivery } from '../../src/connection/delivery.ts';
import type { DeliveryState } from '../../src/connection/delivery-state.ts';
import { createProctor } from '../../src/index.ts';
import type { CameraState } from '../../src/index.ts';
import { resolveOptions } from '../../src/proctor-options.ts';
import type { ProctorOptions } from '../../src/proctor-options.ts';
import { createWorkerTimers } from '../../src/timing/worker-timers.ts';

const size = { deviceId: null, widthPx: 640, heightPx: 480 };

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** Delivery with frames from a clock in the place of the camera. */
const recordFrames = async (options: ProctorOptions, frameRateHz: number) => {
  const timers = createWorkerTimers();
  const states: DeliveryState[] = [];
  const errors: string[] = [];
  const delivery = await Delivery.open(resolveOptions(options), timers, {
    onState: (state) => states.push(state),
    onError: ({ reason }) => errors.push(reason),
  });
  const recorded: { seq: number; timestamp: number }[] = [];
  delivery.connect();
  const stopRecording = timers.every(1000 / frameRateHz, () => {
    const { seq, timestamp } = delivery.record({ face_present: 1, no_of_face: 1 }, Date.now(), performance.now());
    recorded.push({ seq, timestamp: Number(timestamp) });
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

/** Takes pictures from one kind of source. */
const trySource = async (kind: 'track' | 'video') => {
  const stream = await openCamera(size);
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new Error('no track');
  const source = kind === 'track' ? new TrackFrameSource(track) : new VideoFrameSource(stream);
  while (source.lastArrivalMs === null) await pause(20);
  const [first, again] = await Promise.all([source.take(), source.take()]);
  const [width, height] =
    first === null
      ? [0, 0]
      : first.image instanceof VideoFrame
        ? [first.image.displayWidth, first.image.displayHeight]
        : [first.image.width, first.image.height];
  first?.image.close();
  again?.image.close();
  await pause(500);
  const later = await source.take();
  later?.image.close();
  source.close();
  track.stop();
  const afterClose = await source.take();
  return {
    first: first !== null,
    again: again !== null,
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
