import type { CalibrationTexts } from './calibration-texts.ts';

export const calibrationTextsEs: CalibrationTexts = {
  title: 'Calibración de la mirada',
  about:
    'Opcional, menos de 30 segundos: siga unos puntos con los ojos para que la cámara pueda estimar hacia qué parte de esta página mira. Sin calibración solo se registran direcciones aproximadas, como «izquierda» o «abajo». Omitirla no cuenta en su contra.',
  begin: 'Iniciar la calibración',
  again: 'Calibrar de nuevo',
  none: 'Sin calibrar. Solo se registran direcciones aproximadas.',
  calibrated: (degrees, pixels) =>
    `Calibrado. En puntos de prueba, el error fue de unos ${degrees}° (${pixels} píxeles).`,
  tooPoor: {
    few_readings:
      'Sus ojos no se veían con claridad, así que solo se registran direcciones aproximadas. Puede ayudar más luz en la cara o sentarse más cerca.',
    inaccurate:
      'La calibración no fue lo bastante precisa, así que solo se registran direcciones aproximadas. Para intentarlo otra vez, no mueva la cabeza y mire cada punto hasta que desaparezca.',
  },
};
