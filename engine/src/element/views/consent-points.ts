import type { ExamNotice } from '../notice/exam-notice.ts';
import { filled } from '../texts/element-texts.ts';
import type { ElementTexts } from '../texts/element-texts.ts';

export interface ConsentPoint {
  name: string;
  text: string;
}

const sentText = (notice: ExamNotice | null, mayPicture: boolean, { sent }: ElementTexts['consent']): string => {
  if (!mayPicture) return sent.never;
  if (notice === null) return sent.text;
  const { while_watched: watched, with_alerts: alerts } = notice.images;
  if (watched) return alerts ? sent.both : sent.watched;
  return alerts ? sent.alerts : sent.never;
};

const seenText = (notice: ExamNotice | null, { seen }: ElementTexts['consent']): string => {
  if (notice === null) return seen.text;
  const live = notice.proctor_sees_numbers ? seen.live : seen.notLive;
  const report = notice.report_to_student ? seen.ownReport : seen.noReport;
  return [live, seen.text, report, notice.history === true ? seen.history : ''].filter(Boolean).join(' ');
};

const daysText = (days: number | null, { kept }: ElementTexts['consent']): string => {
  if (days === null) return kept.byHand;
  if (days === 0) return kept.atOnce;
  return days === 1 ? kept.day : filled(kept.days, { days });
};

const keptText = (notice: ExamNotice | null, { kept }: ElementTexts['consent']): string => {
  if (notice === null) return kept.text;
  const { frames_days: frames, reports_days: reports } = notice.retention;
  const consent = { kept } as ElementTexts['consent'];
  return filled(kept.exactly, { frames: daysText(frames, consent), reports: daysText(reports, consent) });
};

/** What the consent states: what holds for this exam if its notice is known, otherwise what may hold for any exam. */
export const consentPoints = (
  notice: ExamNotice | null,
  mayPicture: boolean,
  texts: ElementTexts['consent'],
): readonly ConsentPoint[] => [
  texts.read,
  { name: texts.sent.name, text: sentText(notice, mayPicture, texts) },
  { name: texts.seen.name, text: seenText(notice, texts) },
  { name: texts.kept.name, text: keptText(notice, texts) },
];
