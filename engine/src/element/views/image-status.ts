import type { DeliveryState } from '../../connection/delivery-state.ts';
import type { PictureState } from '../../thumbnails/thumbnail-state.ts';
import type { ExamNotice } from '../notice/exam-notice.ts';
import type { ElementTexts } from '../texts/element-texts.ts';

interface ImageCircumstances {
  pictures: PictureState;
  notice: ExamNotice | null;
  /** The page allows thumbnails if the exam's policy requests them. */
  mayPicture: boolean;
  isCameraOff: boolean;
  delivery: DeliveryState | null;
}

/** Whether images leave this device at this moment, in one true sentence. */
export const imageStatus = (
  { pictures, notice, mayPicture, isCameraOff, delivery }: ImageCircumstances,
  texts: ElementTexts['images'],
): { text: string; isSending: boolean } => {
  const none = (text: string) => ({ text, isSending: false });
  if (isCameraOff) return none(texts.cameraOff);
  const neverInExam = notice !== null && !notice.images.while_watched && !notice.images.with_alerts;
  if (!mayPicture || neverInExam) return none(texts.never);
  if (delivery?.state !== 'ready') return none(texts.offline);
  if (pictures.isWatched) return { text: texts.watched, isSending: true };
  return none(notice?.images.with_alerts === false ? texts.noneNow : texts.noneNowButAlerts);
};
