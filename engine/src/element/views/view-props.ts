import type { Language } from '../../i18n/language.ts';
import type { MissingPart } from '../../proctor/missing-part.ts';
import type { ExamNotice } from '../notice/exam-notice.ts';
import type { ElementTexts } from '../texts/element-texts.ts';
import type { SessionView } from '../session/session-view.ts';

/** Properties of every part of the element. */
export interface ViewProps {
  view: SessionView;
  texts: ElementTexts;
  language: Language;
  /** The preview, which outlives the views that show it: the engine plays the camera in it. */
  video: HTMLVideoElement;
  /** The session was started earlier, in this tab. */
  resuming: boolean;
  /** The page allows thumbnails if the exam's policy requests them. */
  mayPicture: boolean;
  online: boolean;
  nowMs: number;
  /** The exam's notice; null if the page has not provided one. */
  notice: ExamNotice | null;
  /** The server's time, if known. */
  serverNowMs: number | null;
  /** Null: the page offers no help. Rejects if the request did not arrive. */
  askForHelp: ((text: string) => Promise<void>) | null;
  onBegin: () => void;
  /** Begins without this part, as the exam's policy allows. */
  onBeginWithout: (part: MissingPart) => void;
  onDecline: () => void;
  onReconsider: () => void;
  /** Aborts the current attempt and starts again. */
  onRestart: () => void;
  /** After the end: sends what is left on this device. */
  onDeliver: () => void;
  onPause: () => void;
  onResume: () => void;
  onMessagesRead: () => void;
  onChooseCamera: (deviceId: string) => void;
}
