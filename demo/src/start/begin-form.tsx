import { isId } from '@invigil/protocol/frame';
import { useSignal } from '@preact/signals';
import { leavePage } from '../page/leave-page.ts';
import { Notice } from '../page/notice.tsx';
import { withSession } from '../sessions/session-in-address.ts';
import { startSession } from '../api/session-api.ts';
import { problemTexts } from '../sessions/problem-texts.ts';
import { startTexts } from './start-texts.ts';

const texts = startTexts.begin;

interface BeginFormProps {
  examId: string;
  /** Null: the small demo exam, which needs no name. */
  examTitle: string | null;
}

export const BeginForm = ({ examId, examTitle }: BeginFormProps) => {
  const member = useSignal('');
  const problem = useSignal<string | null>(null);
  const isBusy = useSignal(false);

  const begin = async (): Promise<void> => {
    const memberId = member.value.trim();
    if (!isId(memberId)) {
      problem.value = texts.memberWrong;
      return;
    }
    problem.value = null;
    isBusy.value = true;
    const answer = await startSession(examId, memberId);
    if (answer.ok) {
      leavePage(withSession('/check/', answer.value), isBusy);
      return;
    }
    isBusy.value = false;
    problem.value = problemTexts[answer.problem];
  };
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
            aria-invalid={problem.value !== null}
            value={member.value}
            onInput={(event) => (member.value = event.currentTarget.value)}
          />
        </div>
        {problem.value === null ? null : (
          <Notice kind="warning" urgent>
            <p>{problem.value}</p>
          </Notice>
        )}
        <button class="button" disabled={isBusy.value}>
          {isBusy.value ? texts.busy : texts.button}
        </button>
      </form>
    </section>
  );
};
