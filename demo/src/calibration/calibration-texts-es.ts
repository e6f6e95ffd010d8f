import type { CalibrationTexts } from './calibration-texts.ts';

export const calibrationTextsEs: CalibrationTexts = {
  title: 'Hacia dónde mira',
  about:
    'Si quiere, la cámara puede aprender hacia qué parte de esta página mira: siga unos puntos con los ojos, menos de 30 segundos. Sin ello solo se leen direcciones aproximadas, como «izquierda» o «abajo». Omitirlo no se anota en su contra.',
  begin: 'Seguir los puntos',
  again: 'Otra vez',
  none: 'Sin calibrar. Se leen direcciones aproximadas.',
  calibrated: (degrees, pixels) =>
    `Calibrado. En puntos que no conocía se desvió unos ${degrees}° (${pixels} píxeles).`,
  tooPoor: {
    few_readings:
      'Sus ojos no se veían lo bastante bien, así que se leen direcciones aproximadas. Puede ayudar más luz en la cara o sentarse más cerca.',
    inaccurate:
      'No resultó lo bastante preciso, así que se leen direcciones aproximadas. Si quiere intentarlo otra vez, no mueva la cabeza y mire cada punto hasta que desaparezca.',
  },
};
