import { alertOutcomes } from '@invigil/protocol/channels';
import { observationTypes } from '@invigil/protocol/rules';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fetchAudit } from '../api/session-api.ts';
import type { AuditEntry } from '../api/session-api.ts';
import { observationName } from '../words/observation-words.ts';
import { reportTexts } from './report-texts.ts';
import { pageLocale } from '../page/language.ts';

const texts = reportTexts.duringExam;

/** The detail of an audit entry depends on its action; the API leaves it open. */
const detailText = (detail: AuditEntry['detail'], name: string): string => {
  const entries: [string, unknown][] = Object.entries(detail ?? {});
  const value = entries.find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const outcomeText = (detail: AuditEntry['detail']): string => {
  const type = observationTypes.find((name) => name === detailText(detail, 'type'));
  const outcome = alertOutcomes.find((name) => name === detailText(detail, 'outcome'));
  const parts = [outcome === undefined ? '' : texts.outcomes[outcome], detailText(detail, 'note')];
  return texts.alert(type === undefined ? '' : observationName(type), parts.filter((part) => part !== '').join(': '));
};

const textOf = ({ action, detail }: AuditEntry): string | null => {
  switch (action) {
    case 'session.flag':
      return texts.flag(detailText(detail, 'note'));
    case 'session.message':
      return texts.message(detailText(detail, 'text'));
    case 'session.break':
      return detailText(detail, 'action') === 'end' ? texts.breakEnd : texts.breakBegin;
    case 'alert.outcome':
      return outcomeText(detail);
    case 'session.extra_time':
      return texts.extraTime(Number(detailText(detail, 'minutes')));
    default:
      return null;
  }
};

/** Notes, messages and break requests of proctors during the exam. The server sends them to staff only. */
export const ExamNotes = ({ sessionId }: { sessionId: string }) => {
  const entries = useSignal<readonly AuditEntry[]>([]);
  useEffect(() => {
    const load = async (): Promise<void> => {
      const answer = await fetchAudit(sessionId);
      if (answer.ok) entries.value = answer.value;
    };
    void load();
  }, [sessionId]);
  const lines = entries.value.flatMap((entry) => {
    const said = textOf(entry);
    return said === null ? [] : [{ ...entry, said }];
  });
  if (lines.length === 0) return null;
  return (
    <section class="card" aria-labelledby="during" data-testid="exam-notes">
      <h2 id="during">{texts.title}</h2>
      <ul class="exam-notes">
        {lines.map(({ at, actor, said }) => (
          <li key={at + said}>
            <span class="soft number" translate={false}>
              {new Date(at).toLocaleTimeString(pageLocale)}
            </span>{' '}
            {said} <span class="soft">– {actor}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};
