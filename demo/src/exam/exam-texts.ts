import { inLanguage } from '../page/language.ts';

export const examTexts = inLanguage({
  en: {
    title: 'Geography and numbers, a short exam',
    consent: {
      title: 'Before the camera is switched on',
      points: [
        [
          'What is read',
          'About five times a second your browser reads numbers from the camera picture: is a face in view and how many, which way head and eyes point, whether hands or a phone are visible, how bright and sharp the picture is.',
        ],
        ['What is sent', 'Those numbers. The picture stays on this device, and there is no sound.'],
        [
          'Who sees it',
          'A person reads the report. When the camera cannot see well, that is written down as “not observed”; it does not count against you.',
        ],
        [
          'How long it is kept',
          'This is a try-out: the numbers lie in the data folder of the server that you opened, until its owner deletes them.',
        ],
      ],
      download: 'The picture analysis, about 20 MB, is loaded once and then kept by your browser.',
      button: 'I agree, switch the camera on',
      resume: 'This sitting has begun already. Going on continues where it was.',
      resumeButton: 'Go on, switch the camera on',
    },
    preparing: {
      title: 'Getting the picture analysis ready',
      text: 'The exam begins when it is ready. The camera is switched on after that.',
      session: 'Beginning the sitting',
      progress: (loadedMb: string, totalMb: string) => `${loadedMb} of ${totalMb} MB`,
    },
    exam: {
      lead: 'Take your time. Your answers stay in this browser tab; this small exam is not marked.',
      answered: (done: number, all: number) => `${done} of ${all} answered`,
    },
    end: {
      button: 'End the exam',
      title: 'End the exam now?',
      text: 'The camera is switched off and the report is made. You cannot come back to the questions.',
      confirm: 'End the exam',
      back: 'Go back to the questions',
    },
    ending: {
      title: 'Ending the exam',
      text: 'The camera is off. The last readings are being delivered, then the report is made.',
    },
    undelivered: {
      title: 'Some readings have not arrived yet',
      text: (count: number) =>
        `${count} readings are still on this device, because the server could not be reached. They are safe here. Wait until the connection is back and deliver them, or end without them: the report then says that this time was not observed.`,
      again: 'Deliver them',
      anyway: 'End without them',
    },
    notEnded: {
      title: 'The server did not answer',
      text: 'Everything that was read has been delivered, but the end of the exam has not. Please try again.',
      again: 'Try again',
    },
    notStarted: {
      title: 'The sitting could not begin',
      unreachable: 'The server cannot be reached at the moment. Please try again.',
      other: 'The server did not accept it.',
      again: 'Try again',
    },
    failed: { title: 'The sitting cannot go on like this', again: 'Try again', check: 'Go to the camera check' },
    over: {
      title: 'This sitting is over',
      text: 'It was ended, here or by a person in charge. Nothing more is read.',
      report: 'Open the report',
      fresh: 'Begin a new one',
    },
  },
});

export const panelTexts = inLanguage({
  en: {
    title: 'Proctoring',
    preview: 'Your camera picture. It stays on this device.',
    observed: 'Observed',
    starting: 'Starting',
    notObserved: (reason: string) => `Not observed: ${reason}`,
    elapsed: 'Time',
    delivery: {
      none: 'Delivery is starting',
      delivered: 'Everything is delivered',
      underway: (count: number) => `Delivering, ${count} on the way`,
      opening: 'Connecting to the server',
      paused: (count: number) => `The server asked for a pause; ${count} wait here`,
      offline: (count: number) => `Offline. Go on with the exam; ${count} wait safely on this device`,
      waiting: (count: number) => `No connection at the moment. Go on with the exam; ${count} wait on this device`,
      refused: 'The server does not accept this sitting',
      lost: (count: number) => `${count} readings could not be kept`,
      memory: 'This browser keeps nothing for the page: a reload would lose what waits.',
    },
    numbers: 'What is being read now',
    notes: 'What was noted',
    noNotes: 'Nothing so far.',
    running: 'now',
    explain: 'A note says what was measured and for how long. It is not a judgement.',
  },
});
