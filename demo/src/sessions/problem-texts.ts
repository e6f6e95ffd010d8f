import { inLanguage } from '../page/language.ts';

/** What a student should know if a request for their exam failed. */
export const problemTexts = inLanguage({
  en: {
    unreachable: 'The server cannot be reached right now. Nothing was lost; please try again.',
    forbidden:
      'You need to sign in first. Open the exam from the site where you sign in for your exams, or ask the exam organiser.',
    unknown: 'The server cannot find this exam.',
    refused: 'The server rejected the request. Try again in a moment, or ask the exam organiser.',
  },
  de: {
    unreachable:
      'Der Server ist gerade nicht erreichbar. Es ist nichts verloren gegangen; bitte versuchen Sie es noch einmal.',
    forbidden:
      'Sie müssen sich zuerst anmelden. Öffnen Sie die Prüfung über die Seite, auf der Sie sich für Ihre Prüfungen anmelden, oder fragen Sie die Prüfungsorganisation.',
    unknown: 'Der Server findet diese Prüfung nicht.',
    refused:
      'Der Server hat die Anfrage abgelehnt. Bitte versuchen Sie es gleich noch einmal, oder fragen Sie die Prüfungsorganisation.',
  },
  es: {
    unreachable: 'No se puede conectar con el servidor en este momento. No se ha perdido nada; inténtelo de nuevo.',
    forbidden:
      'Primero debe iniciar sesión. Abra el examen desde el sitio en el que inicia sesión para sus exámenes, o consulte a quien lo organiza.',
    unknown: 'El servidor no encuentra este examen.',
    refused:
      'El servidor rechazó la solicitud. Inténtelo de nuevo en un momento, o consulte a quien organiza el examen.',
  },
});
