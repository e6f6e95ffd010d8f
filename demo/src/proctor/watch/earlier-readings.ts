import type { Features } from '@invigil/protocol/frame';
import { gazeDirections } from '@invigil/protocol/frame';
import type { Replay } from '@invigil/protocol/report';
import { fetchReplay } from '../../api/session-api.ts';
import type { Reading } from './live-readings.ts';

const readingOf = (replay: Replay, index: number): Reading => {
  const isObserved = replay.value(index, 'observed') === 1;
  const phone = replay.value(index, 'phone_present');
  const features: Features = {
    no_of_face: isObserved ? replay.value(index, 'no_of_face') : null,
    head_yaw: replay.value(index, 'head_yaw'),
    head_pitch: replay.value(index, 'head_pitch'),
    gaze_direction: gazeDirections[replay.value(index, 'gaze_direction') ?? -1] ?? null,
    phone_present: phone === 1 || phone === 0 ? phone : null,
    phone_conf: replay.value(index, 'phone_conf'),
    hand_count: replay.value(index, 'hand_count'),
  };
  return { ...features, timestamp: replay.startMs + replay.timeMs(index) };
};

/** The charted readings of a session since a time, as the server stores them; none if it does not answer. @param fromMs Unix epoch */
export const earlierReadings = async (sessionId: string, fromMs: number): Promise<Reading[]> => {
  let newest: Replay | null = null;
  const answer = await fetchReplay(sessionId, true, (replay) => (newest = replay), Math.max(0, Math.round(fromMs)));
  const replay = newest as Replay | null;
  if (!answer.ok || replay === null) return [];
  return Array.from({ length: replay.count }, (_, index) => readingOf(replay, index));
};
