import { failureTextsEn } from '../../i18n/failure-texts-en.ts';
import type { ElementTexts } from './element-texts.ts';

export const elementTextsEn: ElementTexts = {
  title: 'Proctoring',
  preview: 'Your camera preview.',
  consent: {
    title: 'Before the camera is switched on',
    resume: 'This session has already started. If you continue, it resumes where it stopped.',
    read: {
      name: 'What is read',
      text: 'About five times a second, your browser measures the camera image: how many faces are in view, which way the head and eyes point, whether hands or a phone are visible, how bright and sharp the image is. It also records when another tab or window is in front, and when you copy or paste, but never what you copy.',
    },
    sent: {
      name: 'What is sent',
      text: 'Only these numbers, and no sound. Images stay on this device unless the rules of this exam let a proctor see them. In that case, a small image is sent every two seconds while a proctor is watching, or one image when the proctor gets an alert. Images are not stored, and this page tells you whenever one is sent.',
      never: 'Only these numbers. Images stay on this device, and no sound is recorded.',
    },
    seen: {
      name: 'Who sees it',
      text: 'A person reads the report. Times when the camera cannot see well are listed as “not observed”; they do not count against you.',
    },
    kept: {
      name: 'How long it is kept',
      text: 'The organiser of this exam decides, and can tell you how to have your data deleted.',
    },
    numbers: 'All measurements',
    download: 'The image analysis, about 20 MB, is downloaded once and then stored in your browser.',
    agree: 'I agree, turn on the camera',
    goOn: 'Continue, turn on the camera',
  },
  preparing: {
    title: 'Preparing the image analysis',
    text: 'The exam starts when this is done. The camera turns on afterwards.',
    session: 'Starting the session',
    models: 'Loading',
    warmUp: 'Testing',
    amount: '{loaded} of {total} MB',
  },
  cameraWaiting: {
    permission: {
      title: 'Allow the camera',
      text: 'Your browser asks whether this page may use the camera. Choose “Allow”, usually at the top of the window.',
      button: 'Ask again',
    },
    device: {
      title: 'The camera does not respond',
      text: 'The camera is allowed but sends no images. Close other programs that use it, or unplug it and plug it in again.',
      button: 'Try again',
    },
    touch: {
      title: 'Tap here to continue',
      text: 'The browser starts the camera only after a tap.',
      button: 'Tap here to continue',
    },
  },
  panel: {
    starting: 'Starting',
    observed: 'Observed',
    notObserved: 'Not observed: {reason}',
    elapsed: 'Time',
    watched: 'A proctor is watching: a small image is sent every two seconds',
    pictures: 'Small images sent so far: {count}',
    missing: 'Not detected on this device: {names}. This does not count against you.',
    phone: 'phones',
    hands: 'hands',
    numbers: 'Current measurements',
    notes: 'Notes so far',
    noNotes: 'Nothing so far.',
    running: 'now',
    explain: 'A note shows what was measured and for how long. It is not a judgement.',
  },
  break: {
    begin: 'Start a break',
    end: 'End the break, turn on the camera',
    status: 'On a break',
    text: 'The camera is off. The report lists this time as a break; it does not count against you.',
    since: 'For {duration} now',
  },
  messages: { title: 'Message from the proctor', read: 'I have read it' },
  delivery: {
    none: 'Delivery is starting',
    delivered: 'Everything has been delivered',
    underway: 'Sending, {count} in progress',
    opening: 'Connecting to the server',
    paused: 'The server is busy; {count} measurements are waiting on this device',
    offline: 'Offline. Continue with the exam; {count} measurements are waiting on this device',
    waiting: 'No connection at the moment. Continue with the exam; {count} measurements are waiting on this device',
    expired:
      'Your access has expired and is being renewed. Continue with the exam; {count} measurements are waiting on this device',
    replaced: 'The session continues in another window or on another device. Nothing more is sent from here',
    refused: 'The server no longer accepts measurements from here. Continue with the exam, and tell a proctor',
    lost: '{count} measurements could not be stored',
    memory: 'This browser cannot store data for this page. Do not reload it, or unsent measurements will be lost.',
  },
  ending: {
    title: 'Ending the exam',
    text: 'The camera is off. The last measurements are being sent.',
  },
  stopped: { title: 'The camera is off', text: 'Nothing more is measured, and everything has been delivered.' },
  undelivered: {
    title: 'Some measurements have not been delivered yet',
    text: '{count} measurements are still on this device, because the server could not be reached. This browser keeps them until you open this page again with a connection. Please do that soon, within a few days: browsers delete old data.',
  },
  over: { title: 'This session is over', text: 'You or a proctor ended it. Nothing more is measured.' },
  notStarted: {
    title: 'The session could not start',
    text: 'The server cannot be reached or did not accept the session. Nothing is lost; please try again.',
  },
  failed: {
    camera: 'The camera could not be turned on',
    elsewhere: 'The session is open in another tab',
    replaced: 'The session continues elsewhere',
    other: 'The session cannot continue',
  },
  takeBack: 'Continue here',
  again: 'Try again',
  failures: failureTextsEn,
};
