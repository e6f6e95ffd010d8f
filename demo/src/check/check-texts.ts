import { inLanguage } from '../page/language.ts';
import { checkTextsDe } from './check-texts-de.ts';
import { checkTextsEs } from './check-texts-es.ts';

const checkTextsEn = {
  title: 'Camera check',
  intro: {
    text: 'Your browser asks for the camera, because the check and the exam need it. See what the camera sees, and check your lighting and position. Nothing is recorded or sent during this check.',
    download: 'The image analysis models (about 30 MB) are downloaded once and then cached by your browser.',
    button: 'Turn on the camera',
    skip: 'Skip to the exam',
  },
  preparing: {
    title: 'Preparing image analysis',
    text: 'The camera turns on as soon as it is ready.',
    first: 'Starting',
    models: 'Downloading',
    warmUp: 'Warming up',
    progress: (loadedMb: string, totalMb: string) => `${loadedMb} of ${totalMb} MB`,
  },
  preview: 'Camera preview. It stays on this device.',
  guide: 'Position yourself so that your face roughly fills the oval.',
  list: 'Check results',
  good: 'OK',
  attention: 'needs attention',
  unknown: 'not checked yet',
  items: {
    camera: 'Camera',
    light: 'Lighting',
    position: 'Position',
    sight: 'Image',
    speed: 'Speed',
    server: 'Connection',
  },
  camera: {
    on: (label: string, size: string) => `${label}, ${size}`,
    starting: 'Starting.',
    lost: 'Disconnected. Plug the camera back in.',
  },
  light: {
    good: 'The lighting is good.',
    dark: 'Too dark. Turn on a light in front of you.',
    bright: 'Too bright. Turn away from the window or lamp.',
  },
  position: {
    good: 'Your face is clearly in view.',
    none: 'No face in view. Sit in front of the camera.',
    several: 'More than one face in view. Only you should be visible.',
    far: 'You are too far away. Move closer.',
    near: 'You are too close. Move back a little.',
    aside: 'Move towards the centre of the image.',
  },
  sight: {
    good: 'The image is clear.',
    blurred: 'The image is blurred. Wipe the lens.',
    covered: 'Something is covering the camera.',
    frozen: 'The image is frozen. Close other apps that use the camera, or unplug it and plug it back in.',
  },
  speed: {
    good: (rate: string) => `Analysing ${rate} frames per second.`,
    slow: (rate: string) =>
      `Analysing ${rate} frames per second. That is enough for the exam; closing other apps will speed it up.`,
  },
  server: {
    good: 'Connected to the server.',
    away: 'The server is not responding. You can still take the exam: readings are stored on this device until it is available again.',
  },
  numbers: 'Current readings',
  chart: 'Head movement, last 20 seconds',
  turned: 'left / right',
  raised: 'down / up',
  infrared: 'infrared',
  practice: {
    title: 'Trial question',
    text: 'This is how answering works in the exam. Your answer is not sent anywhere.',
    question: 'What is the capital of Portugal?',
    handIn: 'Hand in and finish the trial run',
    notSaved: 'The server could not record the check. Please try again.',
    done: (at: string) => `Checked on ${at}`,
    doneText: 'The camera is off. Your teacher can see that you have checked it, and what needed attention.',
    back: 'Back to the exam',
  },
  ready: 'Everything looks good. You can continue.',
  notReady:
    'You can continue at any time. Whatever the camera cannot see is recorded as “not observed” and does not count against you.',
  next: 'Continue to the exam',
  failed: { title: 'The camera could not be turned on', again: 'Try again' },
};

export type CheckTexts = typeof checkTextsEn;

export const checkTexts = inLanguage<CheckTexts>({ en: checkTextsEn, de: checkTextsDe, es: checkTextsEs });
