import { signInTexts } from './sign-in-texts.ts';
import { hasSignIn, signOut } from './sign-in-session.ts';

/** Nothing on servers without sign-in. */
export const SignOut = () =>
  hasSignIn() ? (
    <button class="button quiet" type="button" onClick={() => void signOut()}>
      {signInTexts.signOut}
    </button>
  ) : null;
