import { expect, test } from 'vitest';
import { failureTextsEn } from '../i18n/failure-texts-en.ts';
import { proctorFailures, ProctorError, asProctorError } from './proctor-error.ts';

test.each(proctorFailures)('%s has a message for the student', (reason) => {
  const error = new ProctorError(reason);
  expect(error.message).toBe(failureTextsEn[reason]);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'ProctorError', reason, recoverable: false, detail: null });
});

test('keeps its cause, and has none where none was given', () => {
  const cause = new DOMException('denied', 'NotAllowedError');
  expect(new ProctorError('camera_denied', { cause }).cause).toBe(cause);
  expect('cause' in new ProctorError('camera_denied')).toBe(false);
});

test('an error of ours stays itself; any other is the image analysis that did not start, with its cause', () => {
  const own = new ProctorError('camera_none', { recoverable: true });
  expect(asProctorError(own)).toBe(own);
  const cause = new Error('out of memory');
  expect(asProctorError(cause)).toMatchObject({ reason: 'engine_unavailable', detail: 'out of memory', cause });
  expect(asProctorError('text')).toMatchObject({ reason: 'engine_unavailable', detail: 'text', cause: 'text' });
});
