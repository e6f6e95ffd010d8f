import { inLanguage } from '../page/language.ts';

export const signInTexts = inLanguage({
  en: {
    title: 'Who are you?',
    text: 'This server requires a teacher’s access token. It is kept in this tab only.',
    label: 'Access token',
    wrong: 'This is not a valid token.',
    button: 'Continue',
    ended: {
      title: 'Please sign in again',
      text: 'You are not signed in, or your sign-in has ended.',
      link: 'Sign in',
      again: 'Sign in again',
      notLive: 'Nothing on this page is live until you sign in.',
    },
    unavailable: {
      title: 'The server is unavailable',
      text: 'It cannot check your sign-in at the moment. Try again in a minute.',
      again: 'Try again',
    },
    signOut: 'Sign out',
    signOutFailed: 'You are still signed in. Try again.',
  },
  de: {
    title: 'Wer sind Sie?',
    text: 'Dieser Server verlangt das Zugangstoken einer Lehrperson. Es bleibt nur in diesem Tab gespeichert.',
    label: 'Zugangstoken',
    wrong: 'Das ist kein gültiges Token.',
    button: 'Weiter',
    ended: {
      title: 'Bitte melden Sie sich erneut an',
      text: 'Sie sind nicht angemeldet, oder Ihre Anmeldung ist abgelaufen.',
      link: 'Anmelden',
      again: 'Erneut anmelden',
      notLive: 'Bis Sie sich wieder anmelden, wird auf dieser Seite nichts aktualisiert.',
    },
    unavailable: {
      title: 'Der Server ist nicht verfügbar',
      text: 'Er kann Ihre Anmeldung gerade nicht prüfen. Versuchen Sie es in einer Minute erneut.',
      again: 'Erneut versuchen',
    },
    signOut: 'Abmelden',
    signOutFailed: 'Sie sind noch angemeldet. Versuchen Sie es erneut.',
  },
  es: {
    title: '¿Quién es usted?',
    text: 'Este servidor exige el token de acceso de un docente. Se guarda solo en esta pestaña.',
    label: 'Token de acceso',
    wrong: 'No es un token válido.',
    button: 'Continuar',
    ended: {
      title: 'Inicie sesión de nuevo',
      text: 'No ha iniciado sesión, o su sesión ha terminado.',
      link: 'Iniciar sesión',
      again: 'Iniciar sesión de nuevo',
      notLive: 'Hasta que inicie sesión, nada de esta página se actualiza.',
    },
    unavailable: {
      title: 'El servidor no está disponible',
      text: 'Ahora no puede comprobar su sesión. Inténtelo de nuevo en un minuto.',
      again: 'Intentar de nuevo',
    },
    signOut: 'Cerrar sesión',
    signOutFailed: 'Su sesión sigue abierta. Inténtelo de nuevo.',
  },
});
