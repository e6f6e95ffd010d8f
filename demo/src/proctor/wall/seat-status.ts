import { isObserved, notObservedReason } from '@invigil/protocol/frame';
import { wholeSecondsText } from '../../page/duration-text.ts';
import { observationWords } from '../../words/observation-words.ts';
import type { Live } from '../watch/live-readings.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { watchTexts } from '../texts/watch-texts.ts';
import { endedHere } from '../watch/ended-here.ts';
import type { Seat } from '../watch/seat.ts';
import { percentText } from '../../page/number-text.ts';

const texts = proctorTexts.wall;
const stateTexts = watchTexts.states;

/** Older readings are labelled with their age. */
const quietAfterMs = 5000;
/** A shorter gap in the observation is not mentioned. */
const unseenAfterMs = 3000;

export interface SeatStatus {
  kind: 'live' | 'unseen' | 'break' | 'quiet' | 'away';
  text: string;
}

/** Whether readings arrive, as text. */
export const deliveryOf = (seat: Seat, { receivedMs, gap }: Live, nowMs: number): SeatStatus => {
  if (!seat.isPresent) return { kind: 'away', text: absenceText(seat, nowMs) };
  if (receivedMs === null) return { kind: 'quiet', text: texts.states.waiting };
  const ageMs = nowMs - receivedMs;
  if (ageMs >= quietAfterMs) return { kind: 'quiet', text: texts.states.quiet(wholeSecondsText(ageMs / 1000)) };
  const gapMs = gap === null ? 0 : nowMs - gap.sinceMs;
  if (gap?.isBreak === true) return { kind: 'break', text: stateTexts.onBreak(wholeSecondsText(gapMs / 1000)) };
  if (gapMs >= unseenAfterMs) return { kind: 'unseen', text: stateTexts.unseen(wholeSecondsText(gapMs / 1000)) };
  return { kind: 'live', text: texts.states.live };
};

const absenceText = ({ sessionId, hasSubmitted, hasEnded, lostAtMs }: Seat, nowMs: number): string => {
  if (hasSubmitted) return texts.states.submitted;
  if (sessionId !== null && endedHere.value.has(sessionId)) return stateTexts.endedByYou;
  if (hasEnded) return stateTexts.ended;
  if (sessionId === null) return texts.states.expected;
  return lostAtMs === null ? texts.states.lost : stateTexts.lostFor(wholeSecondsText((nowMs - lostAtMs) / 1000));
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
    percentText(round((seconds / totalS) * 100) / 100);
  const late = lateS > 0 ? percent(lateS, Math.ceil) : null;
  const missing = missingS > 0 ? percent(missingS, Math.ceil) : null;
  return texts.coverage(percent(liveS, Math.floor), late, missing);
};
