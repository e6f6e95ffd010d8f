import type { ProctorEvents } from '../proctor/proctor.ts';
import type { Stage } from './session/stage.ts';

/** The element's DOM events; each bubbles, and carries the proctor's event in `detail`. */
export interface InvigilProctorEvents {
  /** Consent, preparing, running, …: the stage that the student sees. */
  'invigil-stage': Stage;
  'invigil-frame': ProctorEvents['frame'];
  'invigil-observation': ProctorEvents['observation'];
  'invigil-violation': ProctorEvents['violation'];
  'invigil-delivery': ProctorEvents['delivery'];
  /** Whether a proctor is watching, and how many thumbnails were sent. */
  'invigil-pictures': ProctorEvents['pictures'];
  'invigil-calibration': ProctorEvents['calibration'];
  'invigil-guidance': ProctorEvents['guidance'];
  'invigil-cameras': ProctorEvents['cameras'];
  'invigil-error': ProctorEvents['error'];
  /** The token has expired; set `token` to a new one. Readings are kept on the device until then. */
  'invigil-token-expired': null;
}
