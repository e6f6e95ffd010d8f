import { inLanguage } from '../page/language.ts';

export const examTexts = inLanguage({
  en: {
    title: 'Geography and numbers: a short exam',
    kept: 'This is a demo: the readings are stored in the data folder of the server you are using. By default, readings are deleted after 30 days and the report after one year; the operator can change both periods.',
    exam: {
      lead: 'Take your time. Your answers stay in this browser tab; this short exam is not graded.',
      answered: (done: number, all: number) => `${done} of ${all} answered`,
    },
    end: {
      button: 'End exam',
      title: 'End the exam now?',
      text: 'The camera turns off and your report is created. You cannot return to the questions.',
      confirm: 'End exam',
      back: 'Back to the questions',
    },
    undelivered: {
      text: 'Wait for the connection to return and deliver the remaining readings, or end without them. The report will then show that time as not observed.',
      again: 'Deliver readings',
      anyway: 'End without them',
    },
    notEnded: {
      title: 'The server did not respond',
      text: 'All readings were delivered, but the exam could not be ended. Please try again.',
      again: 'Try again',
      answersKept:
        'Your answers have not arrived yet. This tab keeps them and sends them again, so please leave it open.',
    },
    check: 'Go to the camera check',
    over: { report: 'Open the report', fresh: 'Start a new exam' },
  },
  de: {
    title: 'Erdkunde und Zahlen: eine kurze Prüfung',
    kept: 'Dies ist eine Demo: Die Messwerte liegen im Datenordner des Servers, den Sie benutzen. Standardmäßig werden die Messwerte nach 30 Tagen und der Bericht nach einem Jahr gelöscht; der Betreiber kann beide Fristen ändern.',
    exam: {
      lead: 'Lassen Sie sich Zeit. Ihre Antworten bleiben in diesem Tab; diese kurze Prüfung wird nicht benotet.',
      answered: (done: number, all: number) => `${done} von ${all} beantwortet`,
    },
    end: {
      button: 'Prüfung beenden',
      title: 'Die Prüfung jetzt beenden?',
      text: 'Die Kamera schaltet sich aus, und Ihr Bericht wird erstellt. Sie können nicht zu den Fragen zurückkehren.',
      confirm: 'Prüfung beenden',
      back: 'Zurück zu den Fragen',
    },
    undelivered: {
      text: 'Warten Sie, bis die Verbindung wieder besteht, und übertragen Sie die restlichen Messwerte, oder beenden Sie ohne sie. Der Bericht zeigt diese Zeit dann als nicht beobachtet.',
      again: 'Messwerte übertragen',
      anyway: 'Ohne sie beenden',
    },
    notEnded: {
      title: 'Der Server hat nicht geantwortet',
      text: 'Alle Messwerte sind übertragen, aber die Prüfung konnte nicht beendet werden. Bitte versuchen Sie es noch einmal.',
      again: 'Noch einmal versuchen',
      answersKept:
        'Ihre Antworten sind noch nicht angekommen. Dieser Tab behält sie und sendet sie erneut; bitte lassen Sie ihn offen.',
    },
    check: 'Zum Kameratest',
    over: { report: 'Bericht öffnen', fresh: 'Neue Prüfung beginnen' },
  },
  es: {
    title: 'Geografía y números: un examen breve',
    kept: 'Esto es una demostración: las lecturas se guardan en la carpeta de datos del servidor que está usando. Por defecto, las lecturas se borran a los 30 días y el informe al año; el operador puede cambiar ambos plazos.',
    exam: {
      lead: 'Tómese su tiempo. Sus respuestas quedan en esta pestaña; este examen breve no se califica.',
      answered: (done: number, all: number) => `${done} de ${all} respondidas`,
    },
    end: {
      button: 'Terminar el examen',
      title: '¿Terminar el examen ahora?',
      text: 'Se apaga la cámara y se crea su informe. No podrá volver a las preguntas.',
      confirm: 'Terminar el examen',
      back: 'Volver a las preguntas',
    },
    undelivered: {
      text: 'Espere a que vuelva la conexión y envíe las lecturas pendientes, o termine sin ellas. El informe mostrará ese tiempo como no observado.',
      again: 'Enviar las lecturas',
      anyway: 'Terminar sin ellas',
    },
    notEnded: {
      title: 'El servidor no respondió',
      text: 'Se enviaron todas las lecturas, pero no se pudo terminar el examen. Inténtelo de nuevo.',
      again: 'Intentar de nuevo',
      answersKept: 'Sus respuestas aún no han llegado. Esta pestaña las conserva y las envía de nuevo; déjela abierta.',
    },
    check: 'Ir a la prueba de cámara',
    over: { report: 'Abrir el informe', fresh: 'Empezar otro examen' },
  },
});
