import type { Notice } from '../api/student-api.ts';
import { momentText } from '../page/moment-text.ts';
import { startTexts } from './start-texts.ts';

const texts = startTexts.rules;

const rulesOf = (notice: Notice): string[] => {
  const { images, scheduled_at: scheduledAt, duration_minutes: minutes, retention, organiser } = notice;
  const sends = images.while_watched || images.with_alerts;
  return [
    ...(scheduledAt === null ? [] : [texts.scheduled(momentText(scheduledAt))]),
    ...(minutes === null ? [] : [texts.minutes(minutes)]),
    sends ? texts.images : texts.noImages,
    notice.breaks ? texts.breaks : texts.noBreaks,
    notice.report_to_student ? texts.report : texts.noReport,
    retention.reports_days === null ? texts.keptByHand : texts.kept(retention.reports_days),
    ...(organiser === null ? [] : [texts.organiser(organiser.name)]),
  ];
};

/** The rules of an exam in short. The consent states them in full. */
export const ExamRules = ({ notice }: { notice: Notice }) => (
  <section aria-labelledby="rules">
    <h3 id="rules">{texts.title}</h3>
    <ul class="rules" data-testid="rules">
      {rulesOf(notice).map((rule) => (
        <li key={rule}>{rule}</li>
      ))}
    </ul>
  </section>
);
