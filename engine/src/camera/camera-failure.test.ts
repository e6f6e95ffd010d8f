import { expect, test } from 'vitest';
import { cameraFailure } from './camera-failure.ts';

test.each([
  ['NotAllowedError', 'Permission denied', 'camera_denied'],
  ['NotAllowedError', 'Permission dismissed', 'camera_dismissed'],
  ['NotAllowedError', 'Permission denied by system', 'camera_denied_by_system'],
  ['NotFoundError', 'Requested device not found', 'camera_none'],
  ['NotReadableError', 'Could not start video source', 'camera_in_use'],
  ['OverconstrainedError', '', 'camera_overconstrained'],
  ['NotReadableError', 'Failed to allocate videosource', 'camera_in_use'],
  ['AbortError', 'Starting videoinput failed', 'camera_in_use'],
  ['AbortError', 'Timeout starting video source', 'camera_failed'],
  ['SecurityError', 'Only secure origins are allowed', 'camera_forbidden_by_page'],
  ['SomethingNewError', '?', 'camera_failed'],
])('%s (%s) is %s', (name, message, reason) => {
  const failure = cameraFailure(new DOMException(message, name));
  expect(failure.reason).toBe(reason);
  expect(failure.message.length).toBeGreaterThan(20);
  expect(failure.detail).toBe(message === '' ? name : `${name}: ${message}`);
});
