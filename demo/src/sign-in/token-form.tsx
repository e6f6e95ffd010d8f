import { useSignal } from '@preact/signals';
import { Notice } from '../page/notice.tsx';
import { rememberStaffToken, userOfToken } from './staff-token.ts';
import { hasSignIn, isSignInKnown, renewSignedInToken, signInAddress } from './sign-in-session.ts';
import { signInTexts as texts } from './sign-in-texts.ts';

/** Where staff sign in through their organisation. */
const SignInAgain = () => (
  <section class="card" aria-labelledby="sign-in">
    <h2 id="sign-in">{texts.ended.title}</h2>
    <p>{texts.ended.text}</p>
    <p>
      <a class="button" href={signInAddress()}>
        {texts.ended.link}
      </a>
    </p>
  </section>
);

/** Asks a teacher to sign in or, without sign-in, for the token that their school's own system issued. */
export const TokenForm = ({ done }: { done: () => void }) => {
  if (!hasSignIn()) return <Form done={done} />;
  return isSignInKnown() ? <SignInAgain /> : <Unavailable retry={done} />;
};

const Unavailable = ({ retry }: { retry: () => void }) => (
  <section class="card" aria-labelledby="unavailable">
    <h2 id="unavailable">{texts.unavailable.title}</h2>
    <p>{texts.unavailable.text}</p>
    <p>
      <button class="button" type="button" onClick={() => void renewSignedInToken().then(retry)}>
        {texts.unavailable.again}
      </button>
    </p>
  </section>
);

const Form = ({ done }: { done: () => void }) => {
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
