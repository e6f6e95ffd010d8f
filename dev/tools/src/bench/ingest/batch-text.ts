/** Batches as the engine sends them: the readings of an attentive student, with up to four decimals. */

export const framesPerBatch = 5;
const variants = 64;
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

const features = (variant: number): object => {
  const wave = Math.sin((variant / variants) * 2 * Math.PI);
  return {
    face_present: 1,
    no_of_face: 1,
    face_x: rounded(320 + 14 * wave),
    face_y: rounded(236 + 9 * wave),
    face_w: rounded(151.3 + wave),
    face_h: rounded(188.7 + wave),
    face_conf: rounded(93.2 + wave),
    head_yaw: rounded(0.11 * wave),
    head_pitch: rounded(-0.08 + 0.05 * wave),
    head_roll: rounded(0.02 * wave),
    head_pose: 'forward',
    gaze_direction: variant % 9 === 0 ? 'bottom' : 'center',
    phone_present: 0,
    phone_conf: rounded(8.1 + 3 * wave),
    hand_count: variant % 3,
    hand_near_face: 0,
    eye_open_left: rounded(0.71 + 0.1 * wave),
    eye_open_right: rounded(0.69 + 0.1 * wave),
    blink_rate_per_min: 14,
    mouth_open: rounded(0.05 + 0.02 * wave),
    mouth_moving: 0,
    image_brightness: rounded(0.46 + 0.01 * wave),
    image_contrast: rounded(0.41 + 0.01 * wave),
    image_sharpness: rounded(0.52 + 0.01 * wave),
    image_obstructed: 0,
    image_frozen: 0,
    image_width: 640,
    image_height: 480,
    engine_backend: 'wasm',
    engine_latency_ms: rounded(41 + 4 * wave),
    engine_load: rounded(0.29 + 0.01 * wave),
  };
};

const texts = Array.from({ length: variants }, (_, variant) => JSON.stringify(features(variant)).slice(1));

/** The batch that begins with frame `seq`, whose frames were made at these times. */
export const batchText = (seq: number, timesMs: readonly number[]): string => {
  const frames: string[] = [];
  for (const [at, timestamp] of timesMs.entries()) {
    frames.push(`{"seq":${seq + at},"timestamp":${timestamp},${texts[(seq + at) % variants]}`);
  }
  return `{"type":"batch","frames":[${frames.join(',')}],"chain":null}`;
};
