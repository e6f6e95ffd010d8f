import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { timeOfDayText } from '../../page/moment-text.ts';
import { numberText } from '../../page/number-text.ts';
import { wholeSecondsText } from '../../page/duration-text.ts';
import { watchTexts } from '../texts/watch-texts.ts';
import { examCounts, extraTimeLeft, timeLeftMs } from '../watch/exam-counts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';

const texts = watchTexts.strip;
const minuteS = 60;
/** Seconds are shown in the last minutes only. */
const secondsBelowS = 5 * minuteS;

const rateText = (value: number): string => numberText(value, Number.isInteger(value) ? 0 : 1);

const leftText = (watch: ExamWatch): string | null => {
  const exam = watch.state.value;
  const leftMs = timeLeftMs(exam, watch.serverNowMs);
  if (leftMs === null) return null;
  if (leftMs <= 0) {
    const extra = extraTimeLeft(exam, watch.serverNowMs);
    return extra === null ? texts.over : texts.extra(extra.students, timeOfDayText(extra.untilMs));
  }
  const leftS = leftMs / 1000;
  return texts.left(leftS < secondsBelowS ? wholeSecondsText(leftS) : `${Math.ceil(leftS / minuteS)} min`);
};

/** What the strip shows, most important first. */
const itemsOf = (watch: ExamWatch): readonly (readonly [name: string, text: string])[] => {
  const exam = watch.state.value;
  const { live, lost, unseen, expected, finished, meanAnswered } = examCounts(watch.seats.value, watch.unseen.value);
  const total = exam.total_questions == null ? null : rateText(exam.total_questions);
  const staleSinceMs = watch.staleSinceMs.value;
  const connected: (readonly [string, string])[] = [
    ['live', texts.live(live)],
    ['lost', texts.lost(lost)],
  ];
  const items: (readonly [string, string | null])[] = [
    ...(staleSinceMs === null ? connected : [['stale', texts.stale(timeOfDayText(staleSinceMs))] as const]),
    ['alerts', texts.alerts(watch.alerts.board.value.open.size)],
    ['left', leftText(watch)],
    ['unseen', unseen === 0 || staleSinceMs !== null ? null : texts.unseen(unseen)],
    ['expected', expected === 0 ? null : texts.expected(expected)],
    ['finished', finished === 0 ? null : texts.finished(finished)],
    ['answered', meanAnswered === null ? null : texts.answered(rateText(meanAnswered), total)],
  ];
  return items.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
};

/** The exam in one line. Rendered only when a text changes, not at each tick of the clock. */
export const StatusStrip = ({ watch }: { watch: ExamWatch }) => {
  const items = useMemo(() => computed(() => JSON.stringify(itemsOf(watch))), [watch]).value;
  return (
    <ul class="status-strip" aria-label={texts.title} data-testid="status-strip">
      {(JSON.parse(items) as [string, string][]).map(([name, text]) => (
        <li key={name} data-item={name}>
          {text}
        </li>
      ))}
    </ul>
  );
};
