import { inLanguage } from '../page/language.ts';

export const startTexts = inLanguage({
  en: {
    title: 'Sit an exam in which your own device reads the camera picture',
    lead: 'Your browser looks at the webcam and notes numbers: is a face in view, which way does the head point, is a phone visible. The exam’s server gets those numbers. The picture stays with you unless the rules of the exam let a person in charge look in; the exam page then says so. Nothing listens.',
    begin: {
      title: 'Begin a sitting',
      exam: 'Exam:',
      member: 'Your student number or a nickname',
      memberHint: 'Letters, digits and _ - . ~ @ without spaces.',
      memberWrong: 'Please use letters, digits and _ - . ~ @ only, without spaces.',
      button: 'Go to the camera check',
      busy: 'Beginning…',
    },
    exam: {
      asking: 'One moment…',
      not_open_yet: {
        title: (name: string) => `${name} is not open yet`,
        text: 'You are at the right place. This page goes on by itself when the exam is opened.',
      },
      over: {
        title: (name: string) => `${name} is over`,
        text: 'It cannot be begun any more. Where reports are shown to students, yours opens from the page of your sitting.',
      },
      unknown: {
        title: 'This exam is not known here',
        text: 'The link may be mistyped. Ask whoever gave it to you.',
      },
    },
    problems: {
      unreachable: 'The server cannot be reached at the moment. Nothing is lost; please try again.',
      forbidden:
        'Here an exam is begun only after signing in. Please open it from the page where you sign in for your exams, or ask whoever organises it.',
      unknown: 'The server does not know this exam.',
      refused: 'The server did not accept this. Please try again in a moment, or ask whoever organises the exam.',
    },
    steps: {
      title: 'What happens',
      list: [
        ['Camera check', 'You see your own picture, and whether light and position are good. Nothing is kept.'],
        ['The exam', 'A small panel shows at every moment what is being observed and whether it has been delivered.'],
        ['The report', 'You see what was noted, with the numbers behind it. A person reads it; no computer decides.'],
      ],
    },
    report: {
      title: 'Read a report',
      session: 'Session',
      hint: 'The session’s number stands in the address of the exam page.',
      button: 'Open the report',
      wrong: 'That is not a session’s number.',
    },
  },
  de: {
    title: 'Eine Prüfung ablegen, bei der Ihr eigenes Gerät das Kamerabild liest',
    lead: 'Ihr Browser sieht auf die Webcam und notiert Zahlen: ob ein Gesicht im Bild ist, wohin der Kopf zeigt, ob ein Telefon zu sehen ist. Der Server der Prüfung bekommt diese Zahlen. Das Bild bleibt bei Ihnen, außer wenn die Regeln der Prüfung einer verantwortlichen Person erlauben hereinzusehen; dann sagt es die Prüfungsseite. Nichts hört zu.',
    begin: {
      title: 'Eine Sitzung beginnen',
      exam: 'Prüfung:',
      member: 'Ihre Matrikelnummer oder ein Spitzname',
      memberHint: 'Buchstaben, Ziffern und _ - . ~ @ ohne Leerzeichen.',
      memberWrong: 'Bitte nur Buchstaben, Ziffern und _ - . ~ @, ohne Leerzeichen.',
      button: 'Zur Kameraprobe',
      busy: 'Beginnt…',
    },
    exam: {
      asking: 'Einen Augenblick…',
      not_open_yet: {
        title: (name: string) => `${name} ist noch nicht geöffnet`,
        text: 'Sie sind hier richtig. Diese Seite geht von selbst weiter, sobald die Prüfung geöffnet wird.',
      },
      over: {
        title: (name: string) => `${name} ist vorbei`,
        text: 'Sie kann nicht mehr begonnen werden. Wo Berichte gezeigt werden, öffnet sich Ihrer von der Seite Ihrer Sitzung aus.',
      },
      unknown: {
        title: 'Diese Prüfung ist hier nicht bekannt',
        text: 'Vielleicht ist der Link verschrieben. Fragen Sie, wer ihn Ihnen gegeben hat.',
      },
    },
    problems: {
      unreachable: 'Der Server ist gerade nicht erreichbar. Nichts ist verloren; bitte versuchen Sie es noch einmal.',
      forbidden:
        'Hier beginnt eine Prüfung erst nach einer Anmeldung. Bitte öffnen Sie sie von der Seite aus, auf der Sie sich für Ihre Prüfungen anmelden, oder fragen Sie, wer sie ausrichtet.',
      unknown: 'Der Server kennt diese Prüfung nicht.',
      refused:
        'Der Server hat das nicht angenommen. Bitte versuchen Sie es gleich noch einmal, oder fragen Sie, wer die Prüfung ausrichtet.',
    },
    steps: {
      title: 'Was geschieht',
      list: [
        ['Kameraprobe', 'Sie sehen Ihr eigenes Bild und ob Licht und Platz gut sind. Nichts wird aufbewahrt.'],
        ['Die Prüfung', 'Ein kleines Feld zeigt jederzeit, was beobachtet wird und ob es übertragen ist.'],
        [
          'Der Bericht',
          'Sie sehen, was vermerkt wurde, mit den Zahlen dahinter. Ein Mensch liest ihn; kein Computer entscheidet.',
        ],
      ],
    },
    report: {
      title: 'Einen Bericht lesen',
      session: 'Sitzung',
      hint: 'Die Nummer der Sitzung steht in der Adresse der Prüfungsseite.',
      button: 'Bericht öffnen',
      wrong: 'Das ist keine Nummer einer Sitzung.',
    },
  },
  es: {
    title: 'Haga un examen en el que su propio dispositivo lee la imagen de la cámara',
    lead: 'Su navegador mira la cámara y anota números: si se ve un rostro, hacia dónde apunta la cabeza, si se ve un teléfono. El servidor del examen recibe esos números. La imagen se queda con usted, salvo que las reglas del examen dejen mirar a una persona responsable; entonces la página del examen lo dice. Nada escucha.',
    begin: {
      title: 'Comenzar una sesión',
      exam: 'Examen:',
      member: 'Su número de estudiante o un apodo',
      memberHint: 'Letras, cifras y _ - . ~ @ sin espacios.',
      memberWrong: 'Use solo letras, cifras y _ - . ~ @, sin espacios.',
      button: 'Ir a la prueba de cámara',
      busy: 'Comenzando…',
    },
    exam: {
      asking: 'Un momento…',
      not_open_yet: {
        title: (name: string) => `${name} aún no está abierto`,
        text: 'Está en el lugar correcto. Esta página sigue sola cuando se abra el examen.',
      },
      over: {
        title: (name: string) => `${name} ha terminado`,
        text: 'Ya no se puede comenzar. Si los informes se muestran, el suyo se abre desde la página de su sesión.',
      },
      unknown: {
        title: 'Este examen no se conoce aquí',
        text: 'Quizá el enlace está mal escrito. Pregunte a quien se lo dio.',
      },
    },
    problems: {
      unreachable: 'No se puede llegar al servidor en este momento. No se ha perdido nada; inténtelo de nuevo.',
      forbidden:
        'Aquí un examen solo se comienza tras identificarse. Ábralo desde la página en la que se identifica para sus exámenes, o pregunte a quien lo organiza.',
      unknown: 'El servidor no conoce este examen.',
      refused: 'El servidor no aceptó esto. Inténtelo de nuevo en un momento, o pregunte a quien organiza el examen.',
    },
    steps: {
      title: 'Qué ocurre',
      list: [
        ['Prueba de cámara', 'Ve su propia imagen, y si la luz y la posición son buenas. No se guarda nada.'],
        ['El examen', 'Un pequeño panel muestra en todo momento qué se observa y si se ha entregado.'],
        [
          'El informe',
          'Ve lo que se anotó, con los números que hay detrás. Lo lee una persona; ningún ordenador decide.',
        ],
      ],
    },
    report: {
      title: 'Leer un informe',
      session: 'Sesión',
      hint: 'El número de la sesión está en la dirección de la página del examen.',
      button: 'Abrir el informe',
      wrong: 'Eso no es un número de sesión.',
    },
  },
});
