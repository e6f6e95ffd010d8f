import type { InvigilProctorEvents } from '../element/element-events.ts';

/** The component's handlers and the element's events. */
export const eventsByHandler = {
  onStage: 'invigil-stage',
  onFrame: 'invigil-frame',
  onObservation: 'invigil-observation',
  onViolation: 'invigil-violation',
  onDelivery: 'invigil-delivery',
  onPictures: 'invigil-pictures',
  onCalibration: 'invigil-calibration',
  onGuidance: 'invigil-guidance',
  onCameras: 'invigil-cameras',
  onProctorError: 'invigil-error',
  onTokenExpired: 'invigil-token-expired',
} as const satisfies Record<string, keyof InvigilProctorEvents>;

type Handlers = typeof eventsByHandler;

/** One optional handler for each event; it receives the event's `detail`. */
export type EventHandlers<Events extends Record<Handlers[keyof Handlers], unknown>> = {
  [H in keyof Handlers]?: (detail: Events[Handlers[H]]) => void;
};
