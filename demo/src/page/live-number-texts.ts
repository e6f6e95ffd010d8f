import { inLanguage } from './language.ts';

export const liveNumberTexts = inLanguage({
  en: {
    unknown: 'not known',
    readings: {
      faces: 'Faces in view',
      head: 'Head turned / raised',
      gaze: 'Gaze',
      phone: 'Phone',
      hands: 'Hands',
      light: 'Light',
      speed: 'From picture to reading',
      frames: 'Readings so far',
    },
    yes: 'in view',
    no: 'not in view',
    gaze: {
      top_left: 'up left',
      top: 'up',
      top_right: 'up right',
      left: 'left',
      center: 'straight ahead',
      right: 'right',
      bottom_left: 'down left',
      bottom: 'down',
      bottom_right: 'down right',
    },
  },
});
