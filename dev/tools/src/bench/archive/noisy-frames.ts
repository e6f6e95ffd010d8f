/** Readings of an attentive student as the engine sends them, with the noise of a camera: the same texts each time, and none of them repeats. */

/** Between two frames of a session, milliseconds. */
const frameEveryMs = 200;
const seed = 0x2f6e2b1;

/** mulberry32: a number from 0 to 1, the same sequence for the same seed. */
const createRandom = (from: number): (() => number) => {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Centre, and the greatest distance from it. */
const walks: Record<string, readonly [number, number, decimals: number]> = {
  face_x: [320, 40, 1],
  face_y: [236, 30, 1],
  face_w: [151, 12, 1],
  face_h: [189, 15, 1],
  face_conf: [93, 5, 1],
  head_yaw: [0, 0.4, 3],
  head_pitch: [-0.1, 0.25, 3],
  head_roll: [0, 0.1, 3],
  phone_conf: [8, 6, 1],
  eye_open_left: [0.7, 0.2, 2],
  eye_open_right: [0.7, 0.2, 2],
  mouth_open: [0.05, 0.04, 2],
  image_brightness: [0.46, 0.03, 3],
  image_contrast: [0.41, 0.03, 3],
  image_sharpness: [0.52, 0.06, 3],
  engine_latency_ms: [41, 12, 1],
  engine_load: [0.29, 0.05, 2],
};

const constant = {
  face_present: 1,
  no_of_face: 1,
  phone_present: 0,
  hand_near_face: 0,
  mouth_moving: 0,
  image_obstructed: 0,
  image_frozen: 0,
  image_width: 640,
  image_height: 480,
  engine_backend: 'wasm',
};

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/** @returns the frames of one session, one after the other */
export const createNoisyFrames = (startMs: number): (() => object) => {
  const random = createRandom(seed);
  const places = new Map(Object.keys(walks).map((name) => [name, 0]));
  let seq = 0;
  return () => {
    const readings = Object.entries(walks).map(([name, [centre, distance, decimals]]) => {
      // A slow walk that is drawn back to the centre, and jitter on top.
      const place = 0.97 * (places.get(name) ?? 0) + 0.1 * (random() - 0.5);
      places.set(name, place);
      return [name, round(centre + distance * (place + 0.1 * (random() - 0.5)), decimals)];
    });
    const frame = {
      seq,
      timestamp: startMs + seq * frameEveryMs + Math.floor(random() * 12),
      ...constant,
      head_pose: random() < 0.95 ? 'forward' : 'left',
      gaze_direction: random() < 0.9 ? 'center' : 'bottom',
      hand_count: random() < 0.7 ? 0 : 1,
      blink_rate_per_min: 12 + Math.floor(random() * 6),
      ...Object.fromEntries(readings),
    };
    seq += 1;
    return frame;
  };
};
