import type { FeatureFrame } from '@invigil/protocol/frame';
import type { Observation, RuleEvent } from '@invigil/protocol/rules';
import { noCameras } from '../../camera/camera-list.ts';
import type { Cameras } from '../../camera/camera-list.ts';
import type { DeliveryState } from '../../connection/delivery-state.ts';
import { noThumbnails } from '../../thumbnails/thumbnail-state.ts';
import type { PictureState } from '../../thumbnails/thumbnail-state.ts';
import type { ProctorFailure } from '../../errors/proctor-error.ts';
import { noGuidance } from '../../proctor/guidance.ts';
import type { Guidance } from '../../proctor/guidance.ts';
import type { Stage } from './stage.ts';

/** An observation as the panel lists it. */
export interface Noted {
  observation: Observation;
  running: boolean;
}

/** The content of the element at one moment. */
export interface SessionView {
  stage: Stage;
  frame: FeatureFrame | null;
  frames: number;
  delivery: DeliveryState | null;
  pictures: PictureState;
  /** Newest first. */
  noted: readonly Noted[];
  guidance: Guidance;
  cameras: Cameras;
  /**
   * Id of the last proctor message that the student has dismissed, with all before it. An id, because old messages are
   * dropped.
   */
  lastReadMessage: string | null;
  /** Current problems that do not end the session. */
  trouble: ProctorFailure | null;
}

/** Observations that the panel keeps; the report has all of them. */
const maxNoted = 50;

export const firstView: SessionView = {
  stage: { stage: 'consent' },
  frame: null,
  frames: 0,
  delivery: null,
  pictures: noThumbnails,
  noted: [],
  guidance: noGuidance,
  cameras: noCameras,
  lastReadMessage: null,
  trouble: null,
};

export const withObservation = (noted: readonly Noted[], { event, observation }: RuleEvent): readonly Noted[] => {
  const others = noted.filter((entry) => entry.observation.id !== observation.id);
  return [{ observation, running: event === 'opened' }, ...others].slice(0, maxNoted);
};
