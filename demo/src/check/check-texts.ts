import { inLanguage } from '../page/language.ts';
import { checkTextsDe } from './check-texts-de.ts';
import { checkTextsEs } from './check-texts-es.ts';

const checkTextsEn = {
  title: 'Camera check',
  intro: {
    text: 'See yourself as the camera sees you, and whether light and position are good. During this check nothing is kept and nothing is sent.',
    download: 'The picture analysis, about 20 MB, is loaded once and then kept by your browser.',
    button: 'Switch the camera on',
    skip: 'Go to the exam without a check',
  },
  preparing: {
    title: 'Getting the picture analysis ready',
    text: 'The camera is switched on after that.',
    first: 'Starting',
    models: 'Loading',
    warmUp: 'Trying it out',
    progress: (loadedMb: string, totalMb: string) => `${loadedMb} of ${totalMb} MB`,
  },
  preview: 'Your camera picture. It stays on this device.',
  guide: 'Your face fits well when it fills about the oval.',
  list: 'How it looks',
  good: 'good',
  attention: 'please look',
  unknown: 'not known yet',
  items: {
    camera: 'Camera',
    light: 'Light',
    position: 'Position',
    sight: 'Clear sight',
    speed: 'Speed',
    server: 'Connection',
  },
  camera: {
    on: (label: string, size: string) => `${label}, ${size}`,
    starting: 'It is starting.',
    lost: 'It was disconnected. Plug it in again.',
  },
  light: {
    good: 'The room is bright enough.',
    dark: 'It is dark. Switch on a lamp in front of you.',
    bright: 'It is very bright. Turn away from the window or lamp.',
  },
  position: {
    good: 'Your face is well in view.',
    none: 'No face is in view. Sit in front of the camera.',
    several: 'More than one face is in view. Only you should be seen.',
    far: 'You are far away. Come closer.',
    near: 'You are very close. Lean back a little.',
    aside: 'Move towards the middle of the picture.',
  },
  sight: {
    good: 'The picture is clear.',
    blurred: 'The picture is blurred. Wipe the lens.',
    covered: 'Something covers the camera.',
    frozen: 'The picture stands still. Close other camera programs, or unplug the camera and plug it in.',
  },
  speed: {
    good: (rate: string) => `${rate} pictures a second are read.`,
    slow: (rate: string) =>
      `${rate} pictures a second are read. That is enough for the exam; closing other programs makes it more.`,
  },
  server: {
    good: 'The server answers.',
    away: 'The server does not answer. The exam can go on without it; readings wait on this device.',
  },
  numbers: 'What is being read now',
  chart: 'Head movement, last 20 seconds',
  turned: 'turned',
  raised: 'raised',
  ready: 'Everything is good. You can go on.',
  notReady:
    'You can go on at any time; what cannot be seen is written down as “not observed” and does not count against you.',
  next: 'Go to the exam',
  failed: { title: 'The camera could not be switched on', again: 'Try again' },
};

export type CheckTexts = typeof checkTextsEn;

export const checkTexts = inLanguage<CheckTexts>({ en: checkTextsEn, de: checkTextsDe, es: checkTextsEs });
