import { failureWords } from '../proctor-error.ts';
import type { ElementTexts } from './element-texts.ts';

export const elementTextsEn: ElementTexts = {
  title: 'Proctoring',
  preview: 'Your camera picture. It stays on this device.',
  consent: {
    title: 'Before the camera is switched on',
    resume: 'This sitting has begun already. Going on continues where it was.',
    read: {
      name: 'What is read',
      text: 'About five times a second your browser reads numbers from the camera picture: is a face in view and how many, which way head and eyes point, whether hands or a phone are visible, how bright and sharp the picture is. It also notes when another tab or window is in front, and copying and pasting, never what is copied.',
    },
    sent: { name: 'What is sent', text: 'Those numbers. The picture stays on this device, and there is no sound.' },
    seen: {
      name: 'Who sees it',
      text: 'A person reads the report. When the camera cannot see well, that is written down as “not observed”; it does not count against you.',
    },
    kept: {
      name: 'How long it is kept',
      text: 'As long as the organiser of this exam has laid down. The organiser tells you, also how to have it deleted.',
    },
    numbers: 'The numbers, one by one',
    download: 'The picture analysis, about 20 MB, is loaded once and then kept by your browser.',
    agree: 'I agree, switch the camera on',
    goOn: 'Go on, switch the camera on',
  },
  preparing: {
    title: 'Getting the picture analysis ready',
    text: 'The exam begins when it is ready. The camera is switched on after that.',
    session: 'Beginning the sitting',
    models: 'Loading',
    warmUp: 'Trying it out',
    amount: '{loaded} of {total} MB',
  },
  panel: {
    starting: 'Starting',
    observed: 'Observed',
    notObserved: 'Not observed: {reason}',
    elapsed: 'Time',
    missing: 'Not looked for on this device: {names}. It does not count against you.',
    phone: 'phones',
    hands: 'hands',
    numbers: 'What is being read now',
    notes: 'What was noted',
    noNotes: 'Nothing so far.',
    running: 'now',
    explain: 'A note says what was measured and for how long. It is not a judgement.',
  },
  delivery: {
    none: 'Delivery is starting',
    delivered: 'Everything is delivered',
    underway: 'Delivering, {count} on the way',
    opening: 'Connecting to the server',
    paused: 'The server asked for a pause; {count} wait here',
    offline: 'Offline. Go on with the exam; {count} wait safely on this device',
    waiting: 'No connection at the moment. Go on with the exam; {count} wait on this device',
    expired: 'Your access has run out and is being asked for anew. Go on with the exam; {count} wait on this device',
    refused: 'The server does not accept readings from here any more. Go on with the exam, and tell a person in charge',
    lost: '{count} readings could not be kept',
    memory: 'This browser keeps nothing for the page: a reload would lose what waits.',
  },
  ending: {
    title: 'Ending the exam',
    text: 'The camera is off. The last readings are being delivered.',
  },
  stopped: { title: 'The camera is off', text: 'Nothing more is read, and everything has been delivered.' },
  undelivered: {
    title: 'Some readings have not arrived yet',
    text: '{count} readings are still on this device, because the server could not be reached. They are safe here, and are delivered when this page is opened again with a connection.',
  },
  over: { title: 'This sitting is over', text: 'It was ended, here or by a person in charge. Nothing more is read.' },
  notStarted: {
    title: 'The sitting could not begin',
    text: 'The server cannot be reached at the moment, or did not accept it. Nothing is lost; please try again.',
  },
  failed: {
    camera: 'The camera could not be switched on',
    elsewhere: 'The sitting is open in another tab',
    other: 'The sitting cannot go on like this',
  },
  again: 'Try again',
  failures: failureWords,
};
