import type { ReadingGroup, UnknownReason } from '@invigil/protocol/frame';
import type { ImageQuality } from '../image/image-quality.ts';
import type { FeatureReadings } from './feature-readings.ts';

export type Unknown = Partial<Record<ReadingGroup, UnknownReason>>;

/** Mean luma beyond which an image cannot show whether a person is there. */
const tooDark = 0.09;
const tooBright = 0.94;

/** A frame without any readings. */
export const allUnknown: FeatureReadings = {
  face_present: null,
  no_of_face: null,
  phone_present: null,
  hand_count: null,
};

/** Why an image without a face does not show whether a person is there; null if it does. */
export const whyUnseen = ({ obstructed, brightness }: ImageQuality): UnknownReason | null => {
  if (obstructed) return 'obstructed';
  if (brightness < tooDark) return 'too_dark';
  return brightness > tooBright ? 'too_bright' : null;
};

/** The same reason for every group that is read from the image's content. */
export const nothingKnown = (reason: UnknownReason): Unknown => ({
  face: reason,
  head: reason,
  gaze: reason,
  eyes: reason,
  mouth: reason,
  phone: reason,
  hands: reason,
});
