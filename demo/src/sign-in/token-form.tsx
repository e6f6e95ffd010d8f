import { useSignal } from '@preact/signals';
import { Notice } from '../page/notice.tsx';
import { rememberStaffToken, userOfToken } from './staff-token.ts';
import { signInTexts as texts } from './sign-in-texts.ts';

/** Asks a teacher for the token that their school's own system issued. */
export const TokenForm = ({ done }: { done: () => void }) => {
  const token = useSignal('');
  const isWrong = useSignal(false);
  const take = (): void => {
    const given = token.value.trim();
    isWrong.value = userOfToken(given) === null;
    if (isWrong.value) return;
    rememberStaffToken(given);
    done();
  };
  return (
    <section class="card" aria-labelledby="who">
      <h2 id="who">{texts.title}</h2>
      <p>{texts.text}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <div class="field">
          <label for="token">{texts.label}</label>
          <input
            id="token"
            type="text"
            required
            autocomplete="off"
            spellcheck={false}
            aria-invalid={isWrong.value}
            value={token.value}
            onInput={(event) => (token.value = event.currentTarget.value)}
          />
        </div>
        {isWrong.value ? (
          <Notice kind="warning" urgent>
            <p>{texts.wrong}</p>
          </Notice>
        ) : null}
        <button class="button">{texts.button}</button>
      </form>
    </section>
  );
};
