import { ProctorError } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';

/** DOMException names from getUserMedia, including those of older browsers. */
const reasonsByName: Record<string, ProctorFailure> = {
  NotAllowedError: 'camera_denied',
  PermissionDeniedError: 'camera_denied',
  SecurityError: 'camera_denied',
  NotFoundError: 'camera_none',
  DevicesNotFoundError: 'camera_none',
  NotReadableError: 'camera_in_use',
  TrackStartError: 'camera_in_use',
  AbortError: 'camera_failed',
  OverconstrainedError: 'camera_overconstrained',
  ConstraintNotSatisfiedError: 'camera_overconstrained',
  TypeError: 'camera_unsupported',
};

/** The reason for a getUserMedia failure. Only Chromium's message reveals that the prompt was dismissed. */
export const cameraFailure = (cause: unknown): ProctorError => {
  if (cause instanceof ProctorError) return cause;
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const dismissed = name === 'NotAllowedError' && /dismissed/i.test(message);
  const reason = dismissed ? 'camera_dismissed' : (reasonsByName[name] ?? 'camera_failed');
  return new ProctorError(reason, { cause, detail: message === '' ? name : `${name}: ${message}` });
};
