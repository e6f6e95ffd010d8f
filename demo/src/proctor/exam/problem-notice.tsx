import { Notice } from '../../page/notice.tsx';
import type { Answer } from '../../api/answer.ts';
import { proctorTexts as texts } from '../texts/proctor-texts.ts';
import { TokenForm } from '../../sign-in/token-form.tsx';

interface ProblemNoticeProps {
  answer: Extract<Answer<unknown>, { ok: false }>;
  /** Absent if the form's own button retries. */
  again?: () => void;
}

/** The error, with the sign-in form if it is about the user's identity. */
export const ProblemNotice = ({ answer, again }: ProblemNoticeProps) => (
  <>
    <Notice kind="warning" urgent title={texts.problems[answer.problem].title}>
      <p>{texts.problems[answer.problem].text}</p>
      {answer.detail === null ? null : <p class="soft small">{answer.detail}</p>}
      {again === undefined ? null : (
        <div class="buttons">
          <button class="button quiet" type="button" onClick={again}>
            {texts.again}
          </button>
        </div>
      )}
    </Notice>
    {answer.problem === 'forbidden' && again !== undefined ? <TokenForm done={again} /> : null}
  </>
);
