import { observedBetween } from '../evidence/live-coverage.ts';
import type { LiveCoverage } from '../evidence/live-coverage.ts';
import { liveWithinMs } from '../evidence/receipt-times.ts';
import { clipSpan } from '../evidence/time-span.ts';
import type { ReportWork, SessionContext } from './session-context.ts';

const seconds = (ms: number): number => Math.round(ms) / 1000;

/** Whether anything was seen live in the 30 s before `atMs`. Times outside the session were not observed. */
export const isObservedAt = (coverage: LiveCoverage, atMs: number): boolean => {
  const span = clipSpan({ from_ms: atMs - liveWithinMs, to_ms: atMs }, coverage.fromMs, coverage.lastMs);
  return span !== null && observedBetween(coverage, span).liveMs > 0;
};

const noteOf = (answers: number, handIn: boolean): string | null => {
  const parts = [
    ...(answers === 0 ? [] : [`answered ${answers} ${answers === 1 ? 'question' : 'questions'}`]),
    ...(handIn ? ['handed in'] : []),
  ];
  return parts.length === 0 ? null : `${parts.join(' and ')} while not observed`;
};

/**
 * The hand-in, or the end of the exam if that was earlier: the server ends observation there and still accepts hand-ins for a while.
 * Unix epoch; null without a hand-in.
 */
export const handInMs = ({
  handed_in_at: handedInAt,
  exam_over_at: overAt,
}: Pick<SessionContext, 'handed_in_at' | 'exam_over_at'>): number | null =>
  handedInAt === null ? null : Math.min(Date.parse(handedInAt), overAt == null ? Infinity : Date.parse(overAt));

/** Answers and hand-in, each with the coverage of the time before it. @param coverage the result of `coverageUntil`; null without frames */
export const workOf = (
  coverage: LiveCoverage,
  context: Pick<
    SessionContext,
    | 'answers'
    | 'handed_in_at'
    | 'hand_in_chain'
    | 'exam_over_at'
    | 'personal_link_used_at'
    | 'safe_exam_browser'
    | 'unknown_heads'
  >,
): ReportWork => {
  const { answers, handed_in_at: handedInAt, personal_link_used_at: linkUsedAt } = context;
  const unknown = new Set(context.unknown_heads?.questions);
  let fromMs = coverage.fromMs;
  const inOrder = answers.toSorted((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : a.question_number - b.question_number,
  );
  const questions = inOrder.map(({ question_id, question_number, at, chain, unobserved_at: unobservedAt }) => {
    const atMs = Date.parse(at);
    const span = clipSpan({ from_ms: fromMs, to_ms: atMs }, coverage.fromMs, coverage.lastMs);
    const durationMs = Math.max(0, atMs - fromMs);
    fromMs = Math.max(fromMs, atMs);
    const observed = span === null ? null : observedBetween(coverage, span);
    return {
      question_id,
      question_number,
      answered_at: at,
      duration_s: seconds(durationMs),
      live_s: seconds(observed?.liveMs ?? 0),
      late_s: seconds(observed?.lateMs ?? 0),
      observed: unobservedAt == null && isObservedAt(coverage, atMs),
      chain,
      ...(unknown.has(question_id) ? { chain_unknown: true as const } : {}),
    };
  });
  const unobserved = questions.filter(({ observed }) => !observed).length;
  const handedInMs = handInMs(context);
  const unobservedHandIn = handedInMs !== null && !isObservedAt(coverage, handedInMs);
  return {
    questions,
    handed_in_at: handedInAt,
    hand_in_chain: context.hand_in_chain ?? null,
    ...(context.unknown_heads?.hand_in === true ? { hand_in_chain_unknown: true as const } : {}),
    unobserved_answers: unobserved,
    unobserved_hand_in: unobservedHandIn,
    ...(linkUsedAt === undefined ? {} : { personal_link_used_at: linkUsedAt }),
    ...(context.safe_exam_browser === undefined ? {} : { safe_exam_browser: context.safe_exam_browser }),
    note: noteOf(unobserved, unobservedHandIn),
  };
};
