import type { GapReason, ObservationType, ViolationType } from '@invigil/protocol';
import { inLanguage } from '../page/language.ts';

interface ObservationWords {
  /** Name of a lane or a line; neutral, it says what was measured. */
  names: Record<ObservationType, string>;
  /** What the page itself noticed. */
  page: Record<ViolationType, string>;
  /** Why there was nothing to observe, as the end of "Not observed: …". */
  reasons: Record<GapReason, string>;
  /** Names of the measured numbers; others are shown as they are called. */
  measured: Record<string, string>;
}

export const observationWords: ObservationWords = inLanguage<ObservationWords>({
  en: {
    names: {
      face_absent: 'No face in view',
      multiple_faces: 'Several faces in view',
      phone_visible: 'Phone in view',
      looking_away: 'Looking away from the screen',
      camera_obstructed: 'Camera covered',
      camera_frozen: 'Picture stands still',
      gaze_off_exam: 'Gaze outside the exam',
      reading_aside: 'Gaze going back and forth aside',
      head_turned: 'Head turned for a long time',
      talking: 'Mouth moving as in speech',
      hand_with_object: 'Hand holding something',
      student_moved: 'Moved to another place',
      low_quality: 'Picture of poor quality',
      stream_gap: 'No readings arrived',
    },
    page: {
      TAB_SWITCH: 'Another tab was in front',
      WINDOW_BLUR: 'Another window was in front',
      COPY_ATTEMPT: 'Copying',
      PASTE_ATTEMPT: 'Pasting',
      RIGHT_CLICK: 'Context menu',
      DEV_TOOLS: 'Developer tools',
      FULL_SCREEN_EXIT: 'Full screen was left',
      SECOND_SCREEN: 'A second screen is connected',
    },
    reasons: {
      camera_starting: 'the camera is starting',
      camera_lost: 'the camera is disconnected',
      worker_restarted: 'the picture analysis is starting again',
      paused: 'the sitting is paused',
      obstructed: 'the camera is covered',
      frozen: 'the camera picture stands still',
      too_dark: 'it is too dark',
      too_bright: 'it is too bright',
      blurred: 'the picture is blurred',
      face_too_small: 'the face is too far away',
      face_cut_off: 'the face is at the edge of the picture',
      head_turned: 'the head is turned far to the side',
      eyes_closed: 'the eyes are closed',
      no_face: 'there is no face in view',
      not_due: 'it was not due yet',
      not_calibrated: 'it is not calibrated',
      model_missing: 'a model is missing',
      detector_failed: 'the picture analysis failed',
      no_frames: 'no readings arrived',
    },
    measured: {
      faces: 'faces',
      hands: 'hands',
      phone_conf: 'phone detector’s confidence, %',
      brightness: 'brightness, 0 to 1',
      frozen_for_ms: 'picture unchanged for, ms',
      head_yaw: 'head turned, rad',
      head_pitch: 'head raised, rad',
      head_yaw_from_usual: 'head turned from its usual place, rad',
      head_pitch_from_usual: 'head raised from its usual place, rad',
      face_widths_from_usual: 'face widths from the usual place',
      mouth_open: 'mouth open, 0 to 1',
    },
  },
});

export const observationName = (type: ObservationType): string => observationWords.names[type];

/** A lane's or number's name; one that has no words yet is shown as it is called. */
export const measuredName = (name: string): string => observationWords.measured[name] ?? name.replaceAll('_', ' ');
