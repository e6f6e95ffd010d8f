import type { EvidenceTexts } from './evidence-texts.ts';

export const evidenceTextsEs: EvidenceTexts = {
  kinds: {
    live: 'Visto en directo',
    late: 'Llegó tarde',
    missing: 'No observado',
    bar: (live, late, missing) => `Visto en directo ${live}, llegó tarde ${late}, no observado ${missing}`,
    amount: (duration, percent) => `${duration} (${percent})`,
    explain:
      'Visto en directo: el servidor lo recibió en menos de 30 segundos. Llegó tarde: se entregó tras un corte de red que el servidor detectó, así que nadie pudo verlo en su momento.',
    lateSpan: (from, duration) => `Llegó tarde desde ${from} durante ${duration}`,
    notListed: 'Solo se dibujan los primeros huecos; las cifras los incluyen todos.',
  },
  usual: 'habitual en esta persona',
  usualHint:
    'Es habitual en esta persona: coincide con su postura y su mirada desde el principio. Se muestra, pero no suma puntos.',
  work: {
    title: 'Respuestas',
    none: 'No se registraron respuestas.',
    unobservedAnswers: (count) =>
      count === 1 ? 'Una respuesta se dio sin observación.' : `${count} respuestas se dieron sin observación.`,
    unobservedHandIn: 'El examen se entregó sin observación.',
    allObserved: 'Hubo observación en cada respuesta.',
    question: 'Pregunta',
    at: 'Respondida a las',
    time: 'Tiempo desde la respuesta anterior',
    observed: 'Con observación',
    yes: 'sí',
    no: 'no',
    unknownHead: 'La página envió un valor de control que esta sesión nunca tuvo.',
    unknownHandInHead: 'La página envió con la entrega un valor de control que esta sesión nunca tuvo.',
    safeExamBrowser: {
      verified: 'La sesión empezó en Safe Exam Browser con una configuración que el examen acepta.',
      not_verified:
        'El examen requiere Safe Exam Browser. Una plataforma de exámenes inició esta sesión, así que este servidor no comprobó el navegador.',
    },
    personalLink:
      'Se usó un enlace personal. Quien lo tenga puede responder en nombre de la persona; el profesorado del examen también puede abrirlo.',
    handedIn: (at) => `Entregado tras ${at}.`,
    table: 'Cobertura por pregunta',
    explain:
      'De cada pregunta: cuánto del tiempo desde la respuesta anterior se vio en directo, llegó tarde o no se observó. El motivo habitual es un problema de conexión.',
  },
  alerts: {
    title: 'Avisos durante el examen',
    none: 'Ninguno.',
    raised: (name, at) => `${name}, a las ${at}`,
    unsupported: 'Sin respaldo en el análisis final',
    reasons: {
      store_lost: 'el servidor perdió las lecturas que lo mostraban',
      other_rules: 'estas reglas no lo buscan',
      not_in_frames: 'el análisis final de las lecturas no lo encuentra',
    },
  },
  others: {
    title: 'Otras sesiones de esta persona en este examen',
    line: (started, ended) => `${started} – ${ended}`,
    running: 'sigue en marcha',
  },
  counts: {
    outOfOrder: 'Lecturas fuera de orden',
    outsideSession: 'Lecturas anteriores a la sesión o del futuro',
    lateUnexplained: 'Lecturas que llegaron tarde sin un corte',
    constant: 'Lecturas de un rostro que no cambiaron nada',
    repeated: 'Lecturas de un rostro que repetían otras anteriores',
    nearly: 'Lecturas de un rostro que apenas cambiaron',
    storeLost: 'Lecturas que el servidor guardó y perdió',
    phoneCamera: 'Cámara: un teléfono',
    phoneCameraTime: (from, to) => (to === null ? `de ${from} al final` : `de ${from} a ${to}`),
    clock: 'Lecturas con el reloj corregido',
    withoutStorage: 'Lecturas de un navegador que no guardó nada para la página',
    withoutLock: 'Lecturas de un navegador que no podía descartar una segunda pestaña',
    explain:
      'Las lecturas fuera de orden, ajenas a la sesión o tardías sin motivo pueden añadir observaciones, pero nunca cuentan como tiempo observado. Un rostro vivo cambia en cada lectura. Nada de esto suma puntos.',
  },
};
