import { plainPage } from '../middleware/plain-page.ts';
import type { PageLanguage, PlainPageTexts } from '../middleware/plain-page.ts';

export type SignInProblem = 'failed' | 'no_role' | 'no_user_id';

const texts: Record<PageLanguage, Record<SignInProblem, PlainPageTexts>> = {
  en: {
    failed: {
      title: 'Sign-in failed',
      text: 'The sign-in was cancelled, took longer than ten minutes, or was refused by your organisation.',
      link: 'Try again',
    },
    no_role: {
      title: 'Your account has no access here',
      text: 'You are signed in at your organisation, but your account has no teacher or administrator role here. Ask the operator of this server for access.',
      link: 'Sign in again',
    },
    no_user_id: {
      title: 'Your account cannot be used here',
      text: 'Its user ID contains characters that this server does not accept. Ask the operator of this server to configure another claim (OIDC_USER_CLAIM).',
      link: 'Sign in again',
    },
  },
  de: {
    failed: {
      title: 'Die Anmeldung hat nicht geklappt',
      text: 'Sie wurde abgebrochen, dauerte länger als zehn Minuten oder wurde von Ihrer Organisation abgelehnt.',
      link: 'Noch einmal versuchen',
    },
    no_role: {
      title: 'Ihr Konto hat hier keinen Zugang',
      text: 'Sie sind bei Ihrer Organisation angemeldet, aber Ihr Konto gehört weder einer Lehrperson noch der Verwaltung. Bitten Sie den Betreiber dieses Servers um Zugang.',
      link: 'Erneut anmelden',
    },
    no_user_id: {
      title: 'Ihr Konto kann hier nicht verwendet werden',
      text: 'Seine Kennung enthält Zeichen, die dieser Server nicht zulässt. Der Betreiber muss eine andere Angabe einstellen (OIDC_USER_CLAIM).',
      link: 'Erneut anmelden',
    },
  },
  es: {
    failed: {
      title: 'No se pudo iniciar la sesión',
      text: 'Se canceló, tardó más de diez minutos o su organización la rechazó.',
      link: 'Intentarlo de nuevo',
    },
    no_role: {
      title: 'Su cuenta no tiene acceso aquí',
      text: 'Ha iniciado sesión en su organización, pero su cuenta no es de docente ni de administración. Pida acceso al operador de este servidor.',
      link: 'Iniciar sesión de nuevo',
    },
    no_user_id: {
      title: 'Su cuenta no se puede usar aquí',
      text: 'Su identificador tiene caracteres que este servidor no permite. El operador debe configurar otro dato (OIDC_USER_CLAIM).',
      link: 'Iniciar sesión de nuevo',
    },
  },
};

/** Why a user could not sign in, with a link to try again. */
export const signInPage = (problem: SignInProblem, language: PageLanguage): string =>
  plainPage(language, texts[language][problem], '/auth/sign-in');
