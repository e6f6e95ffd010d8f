import { inLanguage } from '../page/language.ts';

export const startTexts = inLanguage({
  en: {
    title: 'Sit an exam, with your camera picture staying with you',
    lead: 'Your browser looks at the webcam and notes numbers: is a face in view, which way does the head point, is a phone visible. The exam’s server gets those numbers. It never gets the picture, and nothing listens.',
    begin: {
      title: 'Begin a sitting',
      member: 'Your student number or a nickname',
      memberHint: 'Letters, digits and _ - . ~ @ without spaces.',
      memberWrong: 'Please use letters, digits and _ - . ~ @ only, without spaces.',
      button: 'Go to the camera check',
      busy: 'Beginning…',
    },
    problems: {
      unreachable: 'The server cannot be reached at the moment. Nothing is lost; please try again.',
      forbidden: 'The server does not let you begin this exam.',
      unknown: 'The server does not know this exam.',
      refused: 'The server did not accept this.',
    },
    steps: {
      title: 'What happens',
      list: [
        ['Camera check', 'You see your own picture, and whether light and position are good. Nothing is kept.'],
        ['The exam', 'A small panel shows at every moment what is being observed and whether it has been delivered.'],
        ['The report', 'You see what was noted, with the numbers behind it. A person reads it; no computer decides.'],
      ],
    },
    report: {
      title: 'Read a report',
      session: 'Session',
      hint: 'The session’s number stands in the address of the exam page.',
      button: 'Open the report',
      wrong: 'That is not a session’s number.',
    },
  },
});
