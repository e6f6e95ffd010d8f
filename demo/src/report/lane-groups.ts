import type { ObservationType } from '@invigil/protocol/rules';
import type { Report } from '@invigil/protocol/report';

export const laneGroups = ['faces', 'gaze', 'head', 'phone', 'hands', 'mouth', 'image'] as const;
export type LaneGroup = (typeof laneGroups)[number];

const groupOf: Readonly<Record<ObservationType, LaneGroup>> = {
  face_absent: 'faces',
  multiple_faces: 'faces',
  student_moved: 'faces',
  looking_away: 'gaze',
  gaze_off_exam: 'gaze',
  reading_aside: 'gaze',
  head_turned: 'head',
  phone_visible: 'phone',
  hand_with_object: 'hands',
  talking: 'mouth',
  camera_obstructed: 'image',
  camera_frozen: 'image',
  low_quality: 'image',
  stream_gap: 'image',
  answered_unobserved: 'image',
};

export interface Lane {
  type: ObservationType;
  isWatched: boolean;
}

/** One lane per subject, for everything that the rules watched for or the report notes. */
export const lanesOf = ({ rules, observations }: Report): { group: LaneGroup; lanes: Lane[] }[] => {
  const lanes = new Map<ObservationType, Lane>(
    rules.map(({ type, watched_s }) => [type, { type, isWatched: watched_s > 0 }]),
  );
  for (const { type } of observations) if (!lanes.has(type)) lanes.set(type, { type, isWatched: true });
  return laneGroups
    .map((group) => ({
      group,
      lanes: [...lanes.values()].filter(({ type }) => groupOf[type] === group),
    }))
    .filter(({ lanes: own }) => own.length > 0);
};
