import { isObserved, notObservedReason } from '@invigil/protocol/frame';
import { wholeSecondsText } from '../../page/duration-text.ts';
import { observationWords } from '../../words/observation-words.ts';
import type { Live } from '../watch/live-readings.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { Seat } from '../watch/seat.ts';

const texts = proctorTexts.wall;

/** Older readings are labelled with their age. */
const quietAfterMs = 5000;

export interface SeatStatus {
  kind: 'live' | 'quiet' | 'away';
  text: string;
}

/** Whether readings arrive, as text. */
export const deliveryOf = (seat: Seat, { receivedMs }: Live, nowMs: number): SeatStatus => {
  if (!seat.isPresent) {
    if (seat.hasSubmitted) return { kind: 'away', text: texts.states.submitted };
    return { kind: 'away', text: seat.sessionId === null ? texts.states.expected : texts.states.lost };
  }
  if (receivedMs === null) return { kind: 'quiet', text: texts.states.waiting };
  const ageMs = nowMs - receivedMs;
  if (ageMs < quietAfterMs) return { kind: 'live', text: texts.states.live };
  return { kind: 'quiet', text: texts.states.quiet(wholeSecondsText(ageMs / 1000)) };
};

/** The status of the newest reading: observed, or the reason why not. Null if there is no reading. */
export const observedText = ({ features }: Live): string | null => {
  if (features === null) return null;
  if (isObserved(features)) return texts.observed;
  return texts.notObserved(observationWords.reasons[notObservedReason(features)]);
};

/** Of the whole session, as the server counts it: seen live, arrived late, not observed. */
export const coverageText = ({ coverage }: Live): string => {
  if (coverage === null) return texts.noCoverage;
  const { live_s: liveS, late_s: lateS, not_observed_s: missingS } = coverage;
  const totalS = liveS + lateS + missingS;
  if (totalS <= 0) return texts.noCoverage;
  const percent = (seconds: number, round: (value: number) => number): string =>
    String(round((seconds / totalS) * 100));
  return texts.coverage(percent(liveS, Math.floor), percent(lateS, Math.ceil), percent(missingS, Math.ceil));
};
