import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fetchAudit } from '../api/session-api.ts';
import type { AuditEntry } from '../api/session-api.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.duringExam;

const textOf = ({ action, detail }: AuditEntry): string | null => {
  switch (action) {
    case 'session.flag':
      return texts.flag(detail?.note ?? '');
    case 'session.message':
      return texts.message(detail?.text ?? '');
    case 'session.break':
      return detail?.action === 'end' ? texts.breakEnd : texts.breakBegin;
    default:
      return null;
  }
};

/** What proctors noted, wrote and asked for while the student sat the exam. For staff; the server gives it to nobody else. */
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
            <span class="soft number">{new Date(at).toLocaleTimeString()}</span> {said}{' '}
            <span class="soft">– {actor}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};
