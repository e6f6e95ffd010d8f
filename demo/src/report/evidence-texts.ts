import { inLanguage } from '../page/language.ts';
import { evidenceTextsDe } from './evidence-texts-de.ts';
import { evidenceTextsEs } from './evidence-texts-es.ts';

const evidenceTextsEn = {
  kinds: {
    live: 'Seen live',
    late: 'Arrived late',
    missing: 'Not observed',
    bar: (live: string, late: string, missing: string) =>
      `Seen live ${live}, arrived late ${late}, not observed ${missing}`,
    amount: (duration: string, percent: string) => `${duration} (${percent})`,
    explain:
      'Seen live: the server received it within 30 seconds. Arrived late: delivered after a network outage that the server saw, so nobody could watch it at the time.',
    lateSpan: (from: string, duration: string) => `Arrived late from ${from} for ${duration}`,
    notListed: 'Only the first gaps are drawn; the numbers include all of them.',
  },
  usual: 'usual for this student',
  usualHint:
    'This is usual for this student: it matches how they sat and looked from the start. It is shown but adds no points.',
  work: {
    title: 'Answers',
    none: 'No answers were recorded.',
    unobservedAnswers: (count: number) =>
      count === 1 ? 'One answer was given while not observed.' : `${count} answers were given while not observed.`,
    unobservedHandIn: 'The exam was handed in while not observed.',
    allObserved: 'The student was observed whenever they answered.',
    question: 'Question',
    at: 'Answered at',
    time: 'Time since the previous answer',
    observed: 'Observed then',
    yes: 'yes',
    no: 'no',
    unknownHead: 'The page sent a check value that does not belong to this session.',
    unknownHandInHead: 'With the hand-in, the page sent a check value that does not belong to this session.',
    safeExamBrowser: {
      verified: 'The session began in Safe Exam Browser with a configuration that the exam accepts.',
      not_verified:
        'The exam requires Safe Exam Browser. An exam platform began this session, so this server did not check the browser.',
    },
    personalLink:
      'A personal link was used. Anybody who has it can answer as the student; the exam’s teachers can open it too.',
    handedIn: (at: string) => `Handed in at ${at}.`,
    table: 'Coverage per question',
    explain:
      'For each question: how much of the time since the previous answer was seen live, arrived late or was not observed. A connection problem is the usual reason.',
  },
  alerts: {
    title: 'Alerts during the exam',
    none: 'None.',
    raised: (name: string, at: string) => `${name}, at ${at}`,
    unsupported: 'Not supported by the final analysis',
    reasons: {
      store_lost: 'the server lost the readings that showed it',
      other_rules: 'these rules do not look for it',
      not_in_frames: 'the final analysis of the readings does not find it',
    },
  },
  others: {
    title: 'Other sessions of this student in this exam',
    line: (started: string, ended: string) => `${started} – ${ended}`,
    running: 'still running',
  },
  counts: {
    outOfOrder: 'Readings out of order',
    outsideSession: 'Readings from before the session or from the future',
    lateUnexplained: 'Readings that came late without an outage',
    constant: 'Readings of a face that did not change at all',
    repeated: 'Readings of a face that repeated earlier ones',
    nearly: 'Readings of a face that hardly changed',
    storeLost: 'Readings that the server stored and lost',
    phoneCamera: 'Camera: a phone',
    phoneCameraTime: (from: string, to: string | null) =>
      to === null ? `from ${from} to the end` : `from ${from} to ${to}`,
    clock: 'Readings whose clock was corrected',
    withoutStorage: 'Frames from a browser without local storage',
    withoutLock: 'Readings from a browser that could not rule out a second tab',
    explain:
      'Out-of-order, outside and unexplained readings can add observations but never count as observed time. A living face changes in every reading. None of these adds points.',
  },
};

export type EvidenceTexts = typeof evidenceTextsEn;

/** Texts about what the server itself saw, and when. */
export const evidenceTexts = inLanguage<EvidenceTexts>({
  en: evidenceTextsEn,
  de: evidenceTextsDe,
  es: evidenceTextsEs,
});
