import * as v from 'valibot';
import type { ObservationType } from '../rules/observation.ts';
import { observationTypes } from '../rules/observation.ts';

/** An alert as it was raised while the session ran. Times: client clock; `raised_at`: ISO 8601, server clock. */
export interface RaisedAlert {
  observation_id: string;
  type: ObservationType;
  from_ms: number;
  to_ms: number;
  raised_at: string;
}

/** Facts about a session that do not come from its frames, as of the report. */
export interface SessionContext {
  /** The exam's policy lets students pause observation. */
  breaks_allowed: boolean;
  /** ISO 8601, server clock. Answers and a hand-in belong to the student's latest session at that time. */
  handed_in_at: string | null;
  /** Head of the frame chain that the page sent with the hand-in. */
  hand_in_chain?: string | null;
  /** When the exam was completed or cancelled. Absent in dumps of servers that did not record it. */
  exam_over_at?: string | null;
  /**
   * `chain`: head of the frame chain that the page sent with the answer. `unobserved_at`: when this question was first answered while
   * the student was not observed; answering it again does not change that.
   */
  answers: {
    question_id: string;
    question_number: number;
    at: string;
    chain: string | null;
    unobserved_at?: string | null;
  }[];
  alerts: RaisedAlert[];
  /** The student's other sessions of the same exam. */
  other_sessions: {
    session_id: string;
    status: 'running' | 'ending' | 'ended';
    started_at: string;
    ended_at: string | null;
  }[];
  /** Frames that had been stored, according to the records, but are missing from the frame store. */
  frames_missing: number;
  /** Frames, sent or reported lost, that arrived before the session's end but could no longer be stored. Absent if there are none. */
  frames_refused?: number;
  /** When the student's personal link was first used. Its bearer can answer as the student. Absent without a used link. */
  personal_link_used_at?: string;
  /** When a phone was the camera: ISO 8601, server clock; `to` is null until the end of the session. Absent if none was. */
  phone_cameras?: PhoneCamera[];
  /** Whether the session began in Safe Exam Browser with an accepted configuration. Absent if the exam does not require it. */
  safe_exam_browser?: 'verified' | 'not_verified';
  /** Work whose page sent a chain head that the session never had: ids of questions, and whether the hand-in did. Absent if there is none. */
  unknown_heads?: { questions: string[]; hand_in: boolean };
}

export const emptyContext: SessionContext = {
  breaks_allowed: true,
  handed_in_at: null,
  exam_over_at: null,
  answers: [],
  alerts: [],
  other_sessions: [],
  frames_missing: 0,
};

/** Why the final analysis lacks the observation behind an alert. */
const unsupportedReasons = ['store_lost', 'other_rules', 'not_in_frames'] as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const seconds = v.pipe(v.number(), v.minValue(0));

export const ReportAlertSchema = v.object({
  observation_id: v.string(),
  type: v.picklist(observationTypes),
  from_ms: v.number(),
  to_ms: v.number(),
  raised_at: v.string(),
  /** Whether the final analysis contains the observation. */
  supported: v.boolean(),
  unsupported_reason: v.nullable(v.picklist(unsupportedReasons)),
});
export type ReportAlert = v.InferOutput<typeof ReportAlertSchema>;

/** Coverage of the time between the previous answer and this one. */
const QuestionSchema = v.object({
  question_id: v.string(),
  question_number: v.number(),
  answered_at: v.string(),
  duration_s: seconds,
  live_s: seconds,
  late_s: seconds,
  /** Whether anything was seen live in the 30 s before the answer, and before each earlier answer to this question. */
  observed: v.boolean(),
  chain: v.nullable(v.string()),
  /** The session never had this head: the page made it up, or took it from elsewhere. Absent otherwise. */
  chain_unknown: v.exactOptional(v.literal(true)),
});

export const ReportWorkSchema = v.object({
  questions: v.array(QuestionSchema),
  handed_in_at: v.nullable(v.string()),
  /** Head of the frame chain that the page sent along; null if it sent none. */
  hand_in_chain: v.nullable(v.string()),
  hand_in_chain_unknown: v.exactOptional(v.literal(true)),
  unobserved_answers: count,
  unobserved_hand_in: v.boolean(),
  /** When a personal link of the student, which the exam's teachers can open too, was first used; absent if none was. */
  personal_link_used_at: v.exactOptional(v.string()),
  /**
   * Whether the student began in Safe Exam Browser with an accepted configuration. `not_verified`: an exam platform began the session, and has
   * to check the browser itself. Absent if the exam does not require it.
   */
  safe_exam_browser: v.exactOptional(v.picklist(['verified', 'not_verified'])),
  /** A summary in words; null if everything was done while observed. */
  note: v.nullable(v.string()),
});
export type ReportWork = v.InferOutput<typeof ReportWorkSchema>;

/** Time in which frames came from the student's phone and not from the computer with the exam. */
export const PhoneCameraSchema = v.object({ from: v.string(), to: v.nullable(v.string()) });
export type PhoneCamera = v.InferOutput<typeof PhoneCameraSchema>;

export const OtherSessionSchema = v.object({
  session_id: v.string(),
  status: v.picklist(['running', 'ending', 'ended']),
  started_at: v.string(),
  ended_at: v.nullable(v.string()),
});
