import type { Language } from '../../i18n/language.ts';
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
  onBegin: () => void;
  /** Aborts the current attempt and starts again. */
  onRestart: () => void;
  onPause: () => void;
  onResume: () => void;
  onMessagesRead: () => void;
  onChooseCamera: (deviceId: string) => void;
}
