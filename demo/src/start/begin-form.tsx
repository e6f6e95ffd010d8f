import { isId } from '@invigil/protocol/frame';
import { useSignal } from '@preact/signals';
import { Notice } from '../page/notice.tsx';
import { withSession } from '../sessions/session-in-address.ts';
import { startSession } from '../api/session-api.ts';
import { problemTexts } from '../sessions/problem-texts.ts';
import { startTexts } from './start-texts.ts';

const texts = startTexts.begin;

type FormState = { state: 'open'; problem: string | null } | { state: 'busy' };

interface BeginFormProps {
  examId: string;
  /** Null: the small demo exam, which needs no name. */
  examTitle: string | null;
}

export const BeginForm = ({ examId, examTitle }: BeginFormProps) => {
  const member = useSignal('');
  const form = useSignal<FormState>({ state: 'open', problem: null });

  const begin = async (): Promise<void> => {
    const memberId = member.value.trim();
    if (!isId(memberId)) {
      form.value = { state: 'open', problem: texts.memberWrong };
      return;
    }
    form.value = { state: 'busy' };
    const answer = await startSession(examId, memberId);
    if (answer.ok) location.assign(withSession('/check/', answer.value));
    else form.value = { state: 'open', problem: problemTexts[answer.problem] };
  };

  const problem = form.value.state === 'open' ? form.value.problem : null;
  return (
    <section class="card" aria-labelledby="begin">
      <h2 id="begin">{texts.title}</h2>
      {examTitle === null ? null : (
        <p>
          {texts.exam} <strong>{examTitle}</strong>
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <div class="field">
          <label for="member">{texts.member}</label>
          <span class="hint" id="member-hint">
            {texts.memberHint}
          </span>
          <input
            id="member"
            type="text"
            required
            maxLength={64}
            autocomplete="username"
            aria-describedby="member-hint"
            aria-invalid={problem !== null}
            value={member.value}
            onInput={(event) => (member.value = event.currentTarget.value)}
          />
        </div>
        {problem === null ? null : (
          <Notice kind="warning" urgent>
            <p>{problem}</p>
          </Notice>
        )}
        <button class="button" disabled={form.value.state === 'busy'}>
          {form.value.state === 'busy' ? texts.busy : texts.button}
        </button>
      </form>
    </section>
  );
};
