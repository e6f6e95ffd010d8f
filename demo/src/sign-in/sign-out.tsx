import { useSignal } from '@preact/signals';
import { signInTexts } from './sign-in-texts.ts';
import { hasSignIn, signOut } from './sign-in-session.ts';

/** Nothing on servers without sign-in. */
export const SignOut = () => {
  const hasFailed = useSignal(false);
  const leave = async (): Promise<void> => {
    hasFailed.value = !(await signOut());
  };
  return hasSignIn() ? (
    <>
      <button class="button quiet" type="button" onClick={() => void leave()}>
        {signInTexts.signOut}
      </button>
      {hasFailed.value ? <span role="alert">{signInTexts.signOutFailed}</span> : null}
    </>
  ) : null;
};
