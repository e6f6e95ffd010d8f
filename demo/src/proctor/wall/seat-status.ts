import type { LiveFrameCoverage } from '@invigil/protocol/channels';
import { isObserved, notObservedReason } from '@invigil/protocol/frame';
import { wholeSecondsText } from '../../page/duration-text.ts';
import { observationWords } from '../../words/observation-words.ts';
import type { Live, ObservationGap } from '../watch/live-readings.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { watchTexts } from '../texts/watch-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { noReadings } from '../watch/live-readings.ts';
import { endedHere } from '../watch/ended-here.ts';
import type { Seat } from '../watch/seat.ts';
import { percentText } from '../../page/number-text.ts';

const texts = proctorTexts.wall;
const stateTexts = watchTexts.states;

export interface SeatStatus {
  /** `stale`: this page is not connected, so the newest reading is old. */
  kind: 'live' | 'unseen' | 'break' | 'quiet' | 'away' | 'stale';
  text: string;
}

/** The time now, milliseconds since the Unix epoch. */
interface Clocks {
  /** On this device's clock. */
  nowMs: number;
  serverNowMs: number;
}

const gapStatus = ({ reason, sinceMs }: ObservationGap, serverNowMs: number): SeatStatus => {
  const duration = wholeSecondsText(Math.max(0, serverNowMs - sinceMs) / 1000);
  if (reason === 'paused') return { kind: 'break', text: stateTexts.onBreak(duration) };
  if (reason === 'no_frames') return { kind: 'quiet', text: stateTexts.silent(duration) };
  return { kind: 'unseen', text: stateTexts.unseen(duration) };
};

/** Whether the student is connected and observed, as text. */
export const statusOf = (seat: Seat, live: Live, gap: ObservationGap | null, clocks: Clocks): SeatStatus => {
  if (!seat.isPresent) return { kind: 'away', text: absenceText(seat, clocks.nowMs) };
  if (gap !== null) return gapStatus(gap, clocks.serverNowMs);
  return live.receivedMs === null
    ? { kind: 'quiet', text: texts.states.waiting }
    : { kind: 'live', text: texts.states.live };
};

/** The status of a seat now. */
export const deliveryOf = (watch: ExamWatch, seat: Seat): SeatStatus => {
  const { sessionId, isPresent } = seat;
  const staleSinceMs = watch.staleSinceMs.value;
  if (isPresent && staleSinceMs !== null) {
    const duration = wholeSecondsText(Math.max(0, watch.nowMs.value - staleSinceMs) / 1000);
    return { kind: 'stale', text: stateTexts.stale(duration) };
  }
  const live = sessionId === null ? noReadings : watch.readings.of(sessionId).value;
  const gap = sessionId === null ? null : (watch.readings.gaps.value.get(sessionId) ?? null);
  // The server sends no readings of such an exam, only gaps.
  const isHidden = watch.state.value.policy?.live_view === 'none';
  if (isPresent && gap === null && isHidden) return { kind: 'live', text: stateTexts.connected };
  return statusOf(seat, live, gap, { nowMs: watch.nowMs.value, serverNowMs: watch.serverNowMs });
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
export const coverageText = (coverage: LiveFrameCoverage | null): string => {
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
