import type { Language } from '../../i18n/language.ts';
import type { ElementTexts } from '../texts/element-texts.ts';
import type { SessionView } from '../session/session-view.ts';

/** What every part of the element is made from. */
export interface ViewProps {
  view: SessionView;
  texts: ElementTexts;
  language: Language;
  /** The preview, which outlives the views that it is shown in: the engine plays the camera in it. */
  video: HTMLVideoElement;
  /** The student was here before, in this tab. */
  resuming: boolean;
  /** The page lets small pictures be sent where the exam's policy asks for them. */
  mayPicture: boolean;
  online: boolean;
  nowMs: number;
  onBegin: () => void;
  /** Gives up the attempt under way and begins again. */
  onRestart: () => void;
  onPause: () => void;
  onResume: () => void;
  onMessagesRead: () => void;
}
