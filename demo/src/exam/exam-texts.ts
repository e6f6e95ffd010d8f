import { inLanguage } from '../page/language.ts';

export const examTexts = inLanguage({
  en: {
    title: 'Geography and numbers: a short exam',
    kept: 'This is a demo: the readings are stored in the data folder of the server you are using. By default, readings are deleted after 30 days and the report after one year; the operator can change both periods.',
    exam: {
      lead: 'Take your time. Your answers stay in this browser tab; this short exam is not graded.',
      sample:
        'Take your time. These are sample questions, because this exam has no page of its own. They are not graded.',
      untitled: 'Exam',
      answered: (done: number, all: number) => `${done} of ${all} answered`,
    },
    end: {
      button: 'End exam',
      title: 'End the exam now?',
      text: 'The camera turns off. You cannot return to the questions.',
      unanswered: (count: number) =>
        count === 1 ? 'One question is unanswered.' : `${count} questions are unanswered.`,
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
      refusedTitle: 'Your answers were not accepted',
      text: 'All readings were delivered, but the exam could not be ended. Please try again.',
      again: 'Try again',
      anyway: 'End without handing in',
      answersKept:
        'Your answers have not arrived yet. This tab keeps them and sends them again, so please leave it open.',
    },
    check: 'Go to the camera check',
    preparing: 'Your questions appear here as soon as the image analysis is ready.',
    handedIn: {
      ended: 'The exam is over',
      at: (time: string) => `Handed in at ${time}`,
      cameraOff: 'The camera is off.',
      delivered: 'All readings were delivered.',
      refusedAnswers: (count: number) =>
        count === 1
          ? 'One answer arrived too late and was not accepted.'
          : `${count} answers arrived too late and were not accepted.`,
      lost: (count: number) =>
        `${count} readings could not be delivered. The report lists that time as not observed; it does not count against you.`,
      nextTitle: 'What happens next',
      next: 'A person reads the report of your session. Observations are not verdicts: people decide.',
      report: 'You can read your own report, and contest anything in it that is wrong.',
      noReport: 'The organiser does not show reports to students. You can download your data below.',
      questions: (organiser: string) => `Questions? Contact ${organiser}.`,
      open: 'Read my report',
    },
    assessment: {
      text: 'Your questions are on your learning platform. They open in a new window.',
      start: 'Start the assessment',
      keepOpen: 'Leave this window open until you have finished: it holds the camera.',
    },
    ownData: {
      title: 'Your data',
      text: 'You can download everything that is stored about you in this exam, and ask the organiser to delete it.',
      download: 'Download my data',
      ask: 'Ask for deletion',
      downloaded: 'Your data was downloaded.',
      notDownloaded: 'Your data could not be downloaded. Please try again later.',
      asked: 'Your request was sent to the organiser.',
      notAsked: 'Your request could not be sent. Please try again later.',
      sure: 'Ask the organiser to delete your data in this exam? They decide when, and whether they are required to keep it.',
      yes: 'Send the request',
      no: 'Cancel',
    },
  },
  de: {
    title: 'Erdkunde und Zahlen: eine kurze Prüfung',
    kept: 'Dies ist eine Demo: Die Messwerte liegen im Datenordner des Servers, den Sie benutzen. Standardmäßig werden die Messwerte nach 30 Tagen und der Bericht nach einem Jahr gelöscht; der Betreiber kann beide Fristen ändern.',
    exam: {
      lead: 'Lassen Sie sich Zeit. Ihre Antworten bleiben in diesem Tab; diese kurze Prüfung wird nicht benotet.',
      sample:
        'Lassen Sie sich Zeit. Dies sind Beispielfragen, weil diese Prüfung keine eigene Seite hat. Sie werden nicht benotet.',
      untitled: 'Prüfung',
      answered: (done: number, all: number) => `${done} von ${all} beantwortet`,
    },
    end: {
      button: 'Prüfung beenden',
      title: 'Die Prüfung jetzt beenden?',
      text: 'Die Kamera schaltet sich aus. Sie können nicht zu den Fragen zurückkehren.',
      unanswered: (count: number) => (count === 1 ? 'Eine Frage ist noch offen.' : `${count} Fragen sind noch offen.`),
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
      refusedTitle: 'Ihre Antworten wurden nicht angenommen',
      text: 'Alle Messwerte sind übertragen, aber die Prüfung konnte nicht beendet werden. Bitte versuchen Sie es noch einmal.',
      again: 'Noch einmal versuchen',
      anyway: 'Ohne Abgabe beenden',
      answersKept:
        'Ihre Antworten sind noch nicht angekommen. Dieser Tab behält sie und sendet sie erneut; bitte lassen Sie ihn offen.',
    },
    check: 'Zum Kameratest',
    preparing: 'Ihre Fragen erscheinen hier, sobald die Bildauswertung bereit ist.',
    handedIn: {
      ended: 'Die Prüfung ist beendet',
      at: (time: string) => `Abgegeben um ${time} Uhr`,
      cameraOff: 'Die Kamera ist aus.',
      delivered: 'Alle Messwerte wurden übertragen.',
      refusedAnswers: (count: number) =>
        count === 1
          ? 'Eine Antwort kam zu spät an und wurde nicht angenommen.'
          : `${count} Antworten kamen zu spät an und wurden nicht angenommen.`,
      lost: (count: number) =>
        `${count} Messwerte konnten nicht übertragen werden. Im Bericht steht diese Zeit als nicht beobachtet; sie zählt nicht gegen Sie.`,
      nextTitle: 'Wie es weitergeht',
      next: 'Ein Mensch liest den Bericht über Ihre Sitzung. Beobachtungen sind keine Urteile: Menschen entscheiden.',
      report: 'Sie können Ihren Bericht lesen und allem widersprechen, was nicht stimmt.',
      noReport: 'Der Veranstalter zeigt die Berichte nicht. Ihre Daten können Sie unten herunterladen.',
      questions: (organiser: string) => `Fragen? Wenden Sie sich an ${organiser}.`,
      open: 'Meinen Bericht lesen',
    },
    assessment: {
      text: 'Ihre Fragen sind auf Ihrer Lernplattform. Sie öffnen sich in einem neuen Fenster.',
      start: 'Prüfung beginnen',
      keepOpen: 'Lassen Sie dieses Fenster offen, bis Sie fertig sind: Die Kamera läuft darin.',
    },
    ownData: {
      title: 'Ihre Daten',
      text: 'Sie können alles herunterladen, was in dieser Prüfung über Sie gespeichert ist, und den Veranstalter bitten, es zu löschen.',
      download: 'Meine Daten herunterladen',
      ask: 'Löschung verlangen',
      downloaded: 'Ihre Daten wurden heruntergeladen.',
      notDownloaded: 'Ihre Daten konnten nicht heruntergeladen werden. Bitte versuchen Sie es später noch einmal.',
      asked: 'Ihre Anfrage wurde an den Veranstalter gesendet.',
      notAsked: 'Ihre Anfrage konnte nicht gesendet werden. Bitte versuchen Sie es später noch einmal.',
      sure: 'Den Veranstalter bitten, Ihre Daten aus dieser Prüfung zu löschen? Er entscheidet, wann, und ob eine Vorschrift die Aufbewahrung verlangt.',
      yes: 'Anfrage senden',
      no: 'Abbrechen',
    },
  },
  es: {
    title: 'Geografía y números: un examen breve',
    kept: 'Esto es una demostración: las lecturas se guardan en la carpeta de datos del servidor que está usando. Por defecto, las lecturas se borran a los 30 días y el informe al año; el operador puede cambiar ambos plazos.',
    exam: {
      lead: 'Tómese su tiempo. Sus respuestas quedan en esta pestaña; este examen breve no se califica.',
      sample: 'Tómese su tiempo. Son preguntas de ejemplo, porque este examen no tiene página propia. No se califican.',
      untitled: 'Examen',
      answered: (done: number, all: number) => `${done} de ${all} respondidas`,
    },
    end: {
      button: 'Terminar el examen',
      title: '¿Terminar el examen ahora?',
      text: 'Se apaga la cámara. No podrá volver a las preguntas.',
      unanswered: (count: number) =>
        count === 1 ? 'Queda una pregunta sin responder.' : `Quedan ${count} preguntas sin responder.`,
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
      refusedTitle: 'No se aceptaron sus respuestas',
      text: 'Se enviaron todas las lecturas, pero no se pudo terminar el examen. Inténtelo de nuevo.',
      again: 'Intentar de nuevo',
      anyway: 'Terminar sin entregar',
      answersKept: 'Sus respuestas aún no han llegado. Esta pestaña las conserva y las envía de nuevo; déjela abierta.',
    },
    check: 'Ir a la prueba de cámara',
    preparing: 'Sus preguntas aparecerán aquí en cuanto el análisis de imagen esté listo.',
    handedIn: {
      ended: 'El examen ha terminado',
      at: (time: string) => `Entregado a las ${time}`,
      cameraOff: 'La cámara está apagada.',
      delivered: 'Se enviaron todas las lecturas.',
      refusedAnswers: (count: number) =>
        count === 1
          ? 'Una respuesta llegó demasiado tarde y no se aceptó.'
          : `${count} respuestas llegaron demasiado tarde y no se aceptaron.`,
      lost: (count: number) =>
        `No se pudieron enviar ${count} lecturas. El informe muestra ese tiempo como no observado; no cuenta en su contra.`,
      nextTitle: 'Qué pasa ahora',
      next: 'Una persona lee el informe de su sesión. Las observaciones no son veredictos: deciden las personas.',
      report: 'Puede leer su propio informe y presentar objeciones a lo que no sea correcto.',
      noReport: 'La organización no muestra los informes a los estudiantes. Puede descargar sus datos más abajo.',
      questions: (organiser: string) => `¿Preguntas? Diríjase a ${organiser}.`,
      open: 'Leer mi informe',
    },
    assessment: {
      text: 'Sus preguntas están en su plataforma de aprendizaje. Se abren en una ventana nueva.',
      start: 'Empezar el examen',
      keepOpen: 'Deje esta ventana abierta hasta que termine: la cámara funciona en ella.',
    },
    ownData: {
      title: 'Sus datos',
      text: 'Puede descargar todo lo que se guarda sobre usted en este examen y pedir a la organización que lo borre.',
      download: 'Descargar mis datos',
      ask: 'Pedir que se borren',
      downloaded: 'Sus datos se han descargado.',
      notDownloaded: 'No se pudieron descargar sus datos. Inténtelo más tarde.',
      asked: 'Su petición se ha enviado a la organización.',
      notAsked: 'No se pudo enviar su petición. Inténtelo más tarde.',
      sure: '¿Pedir a la organización que borre sus datos de este examen? Ella decide cuándo, y si alguna norma obliga a conservarlos.',
      yes: 'Enviar la petición',
      no: 'Cancelar',
    },
  },
});
