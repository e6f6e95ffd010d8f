const features = {
  face_present: 1,
  no_of_face: 1,
  face_x: 260,
  face_y: 312,
  face_w: 150,
  face_h: 150,
  face_conf: 88,
  head_yaw: 0.01,
  head_pitch: 0.018,
  head_roll: -0.0005,
  head_pose: 'forward',
  gaze_direction: 'bottom_right',
  phone_present: 0,
  hand_count: 1,
};
const token = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl';
const timestamp = '2026-01-18T10:30:00.000Z';
const [startMs, sentinelId] = [1_768_732_200_000, '550e8400-e29b-41d4-a716-446655440000'];
const seconds = startMs / 1000;
/** The first bytes of a JPEG; a real image is longer. */
const data = '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAM=';

/** Messages that clients send, by channel and name. */
export const clientMessageExamples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  session: {
    extracted_features: { extracted_features: features },
    frame: { type: 'frame', payload: features },
    raw_features: { session_id: 'demo_session', ...features },
    frame_data: { frame_data: { session_id: 'demo_session', ...features } },
    hello: { type: 'hello', client_time_ms: startMs, last_seq: 41, pictures: false },
    batch: { type: 'batch', frames: [{ seq: 42, timestamp: startMs, ...features }], chain: null },
    losses: { type: 'losses', counts: { outbox_full: 2 }, ranges: [{ reason: 'outbox_full', seqs: [40, 41] }] },
    ping: { type: 'ping', timestamp },
    picture: { type: 'picture', timestamp: startMs, data },
  },
  exam: { heartbeat: { type: 'heartbeat' } },
  sentinel: {
    'sentinel.register': { type: 'sentinel.register', payload: { pin: 42_017, auth: token }, timestamp: seconds },
    'sentinel.frame': {
      type: 'sentinel.frame',
      payload: { frames: [{ frameId: 'f-1', index: 0, data }] },
      timestamp: seconds,
    },
  },
  proctor: {
    'proctor.register': { type: 'proctor.register', payload: { auth: token }, timestamp: seconds },
    'proctor.set-pin': { type: 'proctor.set-pin', payload: { pin: 42_017 }, timestamp: seconds },
    'proctor.subscribe': { type: 'proctor.subscribe', payload: { sentinelId }, timestamp: seconds },
    'proctor.revoke-subscription': { type: 'proctor.revoke-subscription', payload: { sentinelId }, timestamp: seconds },
    'proctor.set-profile': {
      type: 'proctor.set-profile',
      payload: { sentinelId, profile: 'MEDIUM' },
      timestamp: seconds,
    },
  },
  presence: {
    connect_request: { type: 'connect_request', payload: { agent_label: 'web', classroom_id: 'physics', token } },
  },
  alerts: {
    ping: { type: 'ping', timestamp },
    pong: { type: 'pong', timestamp },
    ack: { type: 'ack', stream_id: sentinelId, outcome: 'false_alarm', note: 'It was a calculator.' },
  },
};
