import { version } from '../version.ts';
import type { SebSettings } from './config-key.ts';

const modernWebView = 3;
const newWindowsForLinks = 2;
const startsExam = 0;

/** Safe Exam Browser leaves the exam when it opens this address. @param origin of this server, without a slash at the end */
const quitUrlOf = (origin: string): string => `${origin}/seb/quit`;

/**
 * The configuration with which students open an exam. Its key does not depend on the student: a personal link comes as a query that Safe
 * Exam Browser appends to the start address, so that address has none.
 */
export const examConfiguration = (origin: string, examId: string): SebSettings => ({
  originatorVersion: `Invigil_${version}`,
  sebConfigPurpose: startsExam,
  startURL: `${origin}/seb/${encodeURIComponent(examId)}`,
  startURLAppendQueryParameter: true,
  quitURL: quitUrlOf(origin),
  quitURLConfirm: false,
  sendBrowserExamKey: true,
  browserWindowWebView: modernWebView,
  newBrowserWindowByLinkPolicy: newWindowsForLinks,
  browserWindowAllowReload: true,
  allowVideoCapture: true,
  allowAudioCapture: false,
  browserMediaCaptureCamera: true,
  browserMediaCaptureMicrophone: false,
});
