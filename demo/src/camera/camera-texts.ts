import { inLanguage } from '../page/language.ts';

export const cameraTexts = inLanguage({
  en: {
    title: 'This phone is the camera',
    untitled: 'Exam',
    lead: (exam: string) =>
      `${exam}: you answer on your computer, and this phone is its camera. Images stay on this phone, which sends readings only.`,
    place:
      'Stand the phone upright behind or beside the screen, with your face in view. Plug it in, and leave this page open.',
    joining: 'Opening the link…',
    refused: 'This link cannot be used',
    refusedText: 'It was used before or has expired. Show a new code on the computer.',
    notOpened: 'The link could not be opened',
    unreachable: 'The server cannot be reached. Check the phone’s connection, then try again.',
    again: 'Try again',
    over: 'The camera is off',
    overText: 'The exam is over. You can close this page.',
    stoppedText:
      'Another camera has taken over, or the camera was stopped here. If this phone cannot rejoin, show a new code on the computer.',
    rejoin: 'Use this phone again',
  },
  de: {
    title: 'Dieses Telefon ist die Kamera',
    untitled: 'Prüfung',
    lead: (exam: string) =>
      `${exam}: Sie antworten am Computer, und dieses Telefon ist dessen Kamera. Bilder bleiben auf diesem Telefon; es sendet nur Messwerte.`,
    place:
      'Stellen Sie das Telefon aufrecht hinter oder neben den Bildschirm, sodass Ihr Gesicht zu sehen ist. Schließen Sie es ans Ladegerät an, und lassen Sie diese Seite geöffnet.',
    joining: 'Der Link wird geöffnet …',
    refused: 'Dieser Link kann nicht benutzt werden',
    refusedText: 'Er wurde schon benutzt oder ist abgelaufen. Lassen Sie am Computer einen neuen Code anzeigen.',
    notOpened: 'Der Link ließ sich nicht öffnen',
    unreachable:
      'Der Server ist nicht erreichbar. Prüfen Sie die Verbindung des Telefons, und versuchen Sie es noch einmal.',
    again: 'Noch einmal versuchen',
    over: 'Die Kamera ist aus',
    overText: 'Die Prüfung ist zu Ende. Sie können diese Seite schließen.',
    stoppedText:
      'Eine andere Kamera hat übernommen, oder die Kamera wurde hier beendet. Falls sich dieses Telefon nicht mehr verbinden lässt, lassen Sie am Computer einen neuen Code anzeigen.',
    rejoin: 'Dieses Telefon wieder benutzen',
  },
  es: {
    title: 'Este teléfono es la cámara',
    untitled: 'Examen',
    lead: (exam: string) =>
      `${exam}: usted responde en el ordenador y este teléfono es su cámara. Las imágenes no salen de este teléfono, que solo envía lecturas.`,
    place:
      'Coloque el teléfono en vertical detrás o al lado de la pantalla, con su cara a la vista. Conéctelo al cargador y deje abierta esta página.',
    joining: 'Abriendo el enlace…',
    refused: 'Este enlace no se puede usar',
    refusedText: 'Ya se usó o ha caducado. Muestre un código nuevo en el ordenador.',
    notOpened: 'No se pudo abrir el enlace',
    unreachable: 'No se puede contactar con el servidor. Compruebe la conexión del teléfono e inténtelo de nuevo.',
    again: 'Intentar de nuevo',
    over: 'La cámara está apagada',
    overText: 'El examen ha terminado. Puede cerrar esta página.',
    stoppedText:
      'Otra cámara ha tomado el relevo, o la cámara se detuvo aquí. Si este teléfono no consigue volver a conectarse, muestre un código nuevo en el ordenador.',
    rejoin: 'Volver a usar este teléfono',
  },
});
