import { inLanguage } from '../page/language.ts';

export const examTexts = inLanguage({
  en: {
    title: 'Geography and numbers, a short exam',
    kept: 'This is a try-out: the numbers lie in the data folder of the server that you opened. Unless its owner set other times, the readings are deleted after 30 days and the report after a year.',
    exam: {
      lead: 'Take your time. Your answers stay in this browser tab; this small exam is not marked.',
      answered: (done: number, all: number) => `${done} of ${all} answered`,
    },
    end: {
      button: 'End the exam',
      title: 'End the exam now?',
      text: 'The camera is switched off and the report is made. You cannot come back to the questions.',
      confirm: 'End the exam',
      back: 'Go back to the questions',
    },
    undelivered: {
      text: 'Wait until the connection is back and deliver them, or end without them: the report then says that this time was not observed.',
      again: 'Deliver them',
      anyway: 'End without them',
    },
    notEnded: {
      title: 'The server did not answer',
      text: 'Everything that was read has been delivered, but the end of the exam has not. Please try again.',
      again: 'Try again',
    },
    check: 'Go to the camera check',
    over: { report: 'Open the report', fresh: 'Begin a new one' },
  },
  de: {
    title: 'Erdkunde und Zahlen, eine kurze Prüfung',
    kept: 'Dies ist eine Erprobung: Die Zahlen liegen im Datenordner des Servers, den Sie geöffnet haben. Hat sein Besitzer nichts anderes festgelegt, werden die Werte nach 30 Tagen gelöscht und der Bericht nach einem Jahr.',
    exam: {
      lead: 'Lassen Sie sich Zeit. Ihre Antworten bleiben in diesem Tab; diese kleine Prüfung wird nicht benotet.',
      answered: (done: number, all: number) => `${done} von ${all} beantwortet`,
    },
    end: {
      button: 'Prüfung beenden',
      title: 'Die Prüfung jetzt beenden?',
      text: 'Die Kamera wird ausgeschaltet und der Bericht erstellt. Zu den Fragen können Sie nicht zurück.',
      confirm: 'Prüfung beenden',
      back: 'Zurück zu den Fragen',
    },
    undelivered: {
      text: 'Warten Sie, bis die Verbindung wieder da ist, und übertragen Sie sie, oder beenden Sie ohne sie: Der Bericht sagt dann, dass diese Zeit nicht beobachtet wurde.',
      again: 'Übertragen',
      anyway: 'Ohne sie beenden',
    },
    notEnded: {
      title: 'Der Server hat nicht geantwortet',
      text: 'Alles, was gelesen wurde, ist übertragen, das Ende der Prüfung aber noch nicht. Bitte versuchen Sie es noch einmal.',
      again: 'Noch einmal versuchen',
    },
    check: 'Zur Kameraprobe',
    over: { report: 'Bericht öffnen', fresh: 'Neu beginnen' },
  },
  es: {
    title: 'Geografía y números, un examen breve',
    kept: 'Esto es una prueba: los números están en la carpeta de datos del servidor que usted abrió. Si su dueño no fijó otros plazos, las lecturas se borran a los 30 días y el informe al año.',
    exam: {
      lead: 'Tómese su tiempo. Sus respuestas quedan en esta pestaña; este pequeño examen no se califica.',
      answered: (done: number, all: number) => `${done} de ${all} respondidas`,
    },
    end: {
      button: 'Terminar el examen',
      title: '¿Terminar el examen ahora?',
      text: 'Se apaga la cámara y se hace el informe. No podrá volver a las preguntas.',
      confirm: 'Terminar el examen',
      back: 'Volver a las preguntas',
    },
    undelivered: {
      text: 'Espere a que vuelva la conexión y entréguelas, o termine sin ellas: el informe dirá entonces que ese tiempo no se observó.',
      again: 'Entregarlas',
      anyway: 'Terminar sin ellas',
    },
    notEnded: {
      title: 'El servidor no respondió',
      text: 'Todo lo que se leyó está entregado, pero el final del examen no. Inténtelo de nuevo.',
      again: 'Intentar de nuevo',
    },
    check: 'Ir a la prueba de cámara',
    over: { report: 'Abrir el informe', fresh: 'Empezar otro' },
  },
});
