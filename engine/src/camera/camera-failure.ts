import { ProctorError } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';

/** DOMException names from getUserMedia, including those of older browsers. */
const reasonsByName: Record<string, ProctorFailure> = {
  NotAllowedError: 'camera_denied',
  PermissionDeniedError: 'camera_denied',
  // The document may not use cameras, whatever the student allows.
  SecurityError: 'camera_forbidden_by_page',
  NotFoundError: 'camera_none',
  DevicesNotFoundError: 'camera_none',
  NotReadableError: 'camera_in_use',
  TrackStartError: 'camera_in_use',
  AbortError: 'camera_failed',
  OverconstrainedError: 'camera_overconstrained',
  ConstraintNotSatisfiedError: 'camera_overconstrained',
  TypeError: 'camera_unsupported',
};

/** Causes that only the browser's message reveals: of Chromium the first two, of Firefox the last. */
const reasonsByMessage: readonly [name: string, message: RegExp, reason: ProctorFailure][] = [
  ['NotAllowedError', /dismissed/i, 'camera_dismissed'],
  ['NotAllowedError', /by system/i, 'camera_denied_by_system'],
  ['AbortError', /starting videoinput failed/i, 'camera_in_use'],
];

/** The reason for a getUserMedia failure. */
export const cameraFailure = (cause: unknown): ProctorError => {
  if (cause instanceof ProctorError) return cause;
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const told = reasonsByMessage.find(([error, pattern]) => error === name && pattern.test(message));
  const reason = told?.[2] ?? reasonsByName[name] ?? 'camera_failed';
  return new ProctorError(reason, { cause, detail: message === '' ? name : `${name}: ${message}` });
};
