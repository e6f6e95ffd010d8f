import { inLanguage } from '../page/language.ts';

export const startTexts = inLanguage({
  en: {
    title: 'Your exam, checked on your own device',
    lead: 'Your browser analyses the webcam image and turns it into measurements: whether a face is in view, which way your head is turned, whether a phone is visible. Only these measurements are sent to the exam server. Images stay on your device unless the exam’s policy lets a proctor see them; if so, the exam page tells you before you begin. No audio is recorded.',
    begin: {
      title: 'Start an exam',
      exam: 'Exam:',
      member: 'Student number or nickname',
      memberHint: 'Letters, digits and _ - . ~ @, no spaces.',
      memberWrong: 'Use only letters, digits and _ - . ~ @, no spaces.',
      button: 'Continue to the camera check',
      busy: 'Starting…',
    },
    exam: {
      asking: 'Loading…',
      again: 'Look again',
      not_open_yet: {
        title: (name: string) => `${name} is not open yet`,
        text: 'You are in the right place. This page updates automatically when the exam opens.',
      },
      over: {
        title: (name: string) => `${name} is over`,
        text: 'You can no longer start it. If reports are shown to students, you can open yours from your exam page.',
      },
      unknown: {
        title: 'Exam not found',
        text: 'The link may be mistyped. Check with the person who sent it to you.',
      },
    },
    linked: {
      as: 'You are taking this exam as',
      begin: 'Continue to the camera check',
      practice: 'Try out the camera',
      practiceHint:
        'A trial run sends no images or readings. Your teacher sees when you checked your camera and what needed attention.',
      invalid: {
        title: 'This link is not valid',
        text: 'It may have expired, or you may have received a newer one. Ask the person who sent it to you for a new link.',
      },
    },
    rules: {
      title: 'Rules of this exam',
      scheduled: (at: string) => `It is scheduled for ${at}.`,
      minutes: (minutes: number) => `You have ${minutes} minutes.`,
      images: 'Besides measurements, small camera images can be sent to a proctor. The page tells you when.',
      noImages: 'Only measurements are sent, no camera images.',
      breaks: 'You may take breaks; the camera is off during a break.',
      noBreaks: 'There are no breaks with the camera off.',
      report: 'You can read your own report afterwards.',
      noReport: 'The organiser does not show reports to students.',
      kept: (days: number) => `The report is kept for ${days} days.`,
      keptByHand: 'The report is kept until the organiser deletes it.',
      organiser: (name: string) => `Organised by ${name}.`,
    },
    steps: {
      title: 'How it works',
      list: [
        [
          'Camera check',
          'You see your camera preview and whether lighting and position are good. Nothing is recorded.',
        ],
        ['Exam', 'A small panel always shows what is being observed and whether it has been delivered.'],
        [
          'Report',
          'You see what was observed and the measurements behind it. A person reviews it; no computer decides.',
        ],
      ],
    },
    report: {
      title: 'Open a report',
      session: 'Session ID',
      hint: 'You find it in the address of the exam page.',
      button: 'Open the report',
      wrong: 'This is not a valid session ID.',
    },
  },
  de: {
    title: 'Ihre Prüfung, ausgewertet auf Ihrem eigenen Gerät',
    lead: 'Ihr Browser wertet das Kamerabild aus und macht daraus Messwerte: ob ein Gesicht im Bild ist, wohin der Kopf gedreht ist, ob ein Telefon zu sehen ist. Nur diese Messwerte werden an den Prüfungsserver gesendet. Bilder bleiben auf Ihrem Gerät, es sei denn, die Regeln der Prüfung erlauben der Aufsicht, sie zu sehen; darauf weist die Prüfungsseite vor dem Beginn hin. Ton wird nicht aufgezeichnet.',
    begin: {
      title: 'Prüfung beginnen',
      exam: 'Prüfung:',
      member: 'Matrikelnummer oder Spitzname',
      memberHint: 'Buchstaben, Ziffern und _ - . ~ @, keine Leerzeichen.',
      memberWrong: 'Bitte nur Buchstaben, Ziffern und _ - . ~ @ verwenden, keine Leerzeichen.',
      button: 'Weiter zum Kameratest',
      busy: 'Wird gestartet…',
    },
    exam: {
      asking: 'Wird geladen…',
      again: 'Noch einmal nachsehen',
      not_open_yet: {
        title: (name: string) => `${name} ist noch nicht geöffnet`,
        text: 'Sie sind hier richtig. Diese Seite aktualisiert sich automatisch, sobald die Prüfung geöffnet wird.',
      },
      over: {
        title: (name: string) => `${name} ist beendet`,
        text: 'Sie kann nicht mehr begonnen werden. Wenn Studierende ihre Berichte sehen dürfen, öffnen Sie Ihren von Ihrer Prüfungsseite aus.',
      },
      unknown: {
        title: 'Prüfung nicht gefunden',
        text: 'Vielleicht enthält der Link einen Tippfehler. Fragen Sie die Person, von der Sie ihn haben.',
      },
    },
    linked: {
      as: 'Sie legen diese Prüfung ab als',
      begin: 'Weiter zum Kameratest',
      practice: 'Kamera ausprobieren',
      practiceHint:
        'Beim Ausprobieren werden keine Bilder oder Messwerte gesendet. Ihre Lehrperson sieht, wann Sie die Kamera geprüft haben und was noch nicht in Ordnung war.',
      invalid: {
        title: 'Dieser Link ist nicht gültig',
        text: 'Vielleicht ist er abgelaufen, oder Sie haben einen neueren erhalten. Bitten Sie die Person, die ihn geschickt hat, um einen neuen Link.',
      },
    },
    rules: {
      title: 'Was für diese Prüfung gilt',
      scheduled: (at: string) => `Sie ist angesetzt für ${at}.`,
      minutes: (minutes: number) => `Sie haben ${minutes} Minuten Zeit.`,
      images: 'Außer Messwerten können kleine Kamerabilder an die Aufsicht gesendet werden. Die Seite zeigt an, wann.',
      noImages: 'Gesendet werden nur Messwerte, keine Kamerabilder.',
      breaks: 'Sie dürfen Pausen machen; in der Pause ist die Kamera aus.',
      noBreaks: 'Pausen mit ausgeschalteter Kamera gibt es nicht.',
      report: 'Sie können Ihren Bericht danach lesen.',
      noReport: 'Der Veranstalter zeigt die Berichte nicht.',
      kept: (days: number) => `Der Bericht wird ${days} Tage aufbewahrt.`,
      keptByHand: 'Der Bericht wird aufbewahrt, bis der Veranstalter ihn löscht.',
      organiser: (name: string) => `Veranstalter: ${name}.`,
    },
    steps: {
      title: 'So funktioniert es',
      list: [
        ['Kameratest', 'Sie sehen Ihre Kameravorschau und ob Licht und Position gut sind. Nichts wird aufgezeichnet.'],
        ['Prüfung', 'Ein kleines Feld zeigt jederzeit, was beobachtet wird und ob es übertragen ist.'],
        [
          'Bericht',
          'Sie sehen, was beobachtet wurde, mit den Messwerten dahinter. Ein Mensch prüft ihn; kein Computer entscheidet.',
        ],
      ],
    },
    report: {
      title: 'Bericht öffnen',
      session: 'Sitzungs-ID',
      hint: 'Sie steht in der Adresse der Prüfungsseite.',
      button: 'Bericht öffnen',
      wrong: 'Das ist keine gültige Sitzungs-ID.',
    },
  },
  es: {
    title: 'Su examen, analizado en su propio dispositivo',
    lead: 'Su navegador analiza la imagen de la cámara y la convierte en mediciones: si se ve un rostro, hacia dónde está girada la cabeza, si se ve un teléfono. Solo estas mediciones se envían al servidor del examen. Las imágenes no salen de su dispositivo, salvo que las reglas del examen permitan verlas a quien supervisa; en ese caso, la página del examen se lo indica antes de empezar. No se graba sonido.',
    begin: {
      title: 'Comenzar un examen',
      exam: 'Examen:',
      member: 'Número de estudiante o apodo',
      memberHint: 'Letras, cifras y _ - . ~ @, sin espacios.',
      memberWrong: 'Use solo letras, cifras y _ - . ~ @, sin espacios.',
      button: 'Continuar a la prueba de cámara',
      busy: 'Comenzando…',
    },
    exam: {
      asking: 'Cargando…',
      again: 'Volver a comprobar',
      not_open_yet: {
        title: (name: string) => `${name} aún no está abierto`,
        text: 'Está en el lugar correcto. Esta página se actualiza automáticamente cuando se abra el examen.',
      },
      over: {
        title: (name: string) => `${name} ha terminado`,
        text: 'Ya no se puede comenzar. Si los estudiantes pueden ver los informes, abra el suyo desde su página del examen.',
      },
      unknown: {
        title: 'Examen no encontrado',
        text: 'Quizá el enlace está mal escrito. Consulte a la persona que se lo envió.',
      },
    },
    linked: {
      as: 'Usted hace este examen como',
      begin: 'Continuar a la prueba de cámara',
      practice: 'Probar la cámara',
      practiceHint:
        'En la prueba no se envían imágenes ni mediciones. Su docente ve cuándo ha comprobado la cámara y qué había que mejorar.',
      invalid: {
        title: 'Este enlace no es válido',
        text: 'Quizá haya caducado, o haya recibido uno más reciente. Pida un enlace nuevo a la persona que se lo envió.',
      },
    },
    rules: {
      title: 'Qué rige en este examen',
      scheduled: (at: string) => `Está previsto para el ${at}.`,
      minutes: (minutes: number) => `Dispone de ${minutes} minutos.`,
      images:
        'Además de mediciones, pueden enviarse imágenes pequeñas de la cámara a la supervisión. La página avisa cuándo.',
      noImages: 'Solo se envían mediciones, no imágenes de la cámara.',
      breaks: 'Puede hacer descansos; durante el descanso la cámara está apagada.',
      noBreaks: 'No hay descansos con la cámara apagada.',
      report: 'Después podrá leer su propio informe.',
      noReport: 'La organización no muestra los informes a los estudiantes.',
      kept: (days: number) => `El informe se guarda ${days} días.`,
      keptByHand: 'El informe se guarda hasta que la organización lo borre.',
      organiser: (name: string) => `Organiza: ${name}.`,
    },
    steps: {
      title: 'Cómo funciona',
      list: [
        ['Prueba de cámara', 'Ve la vista previa de su cámara y si la luz y la posición son buenas. No se graba nada.'],
        ['Examen', 'Un pequeño panel muestra en todo momento qué se observa y si se ha enviado.'],
        [
          'Informe',
          'Ve lo que se observó y las mediciones en que se basa. Lo revisa una persona; ningún ordenador decide.',
        ],
      ],
    },
    report: {
      title: 'Abrir un informe',
      session: 'ID de la sesión',
      hint: 'Está en la dirección de la página del examen.',
      button: 'Abrir el informe',
      wrong: 'No es un ID de sesión válido.',
    },
  },
});
