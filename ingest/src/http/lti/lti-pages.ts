import { launchRefusals } from '../../lti/launch-refusal.ts';
import type { LaunchReason } from '../../lti/launch-refusal.ts';
import { plainPage } from '../middleware/plain-page.ts';
import type { PageLanguage } from '../middleware/plain-page.ts';

const texts = {
  en: {
    refused: 'This link could not be opened',
    again: 'Go back to your course and open the link again. If it still fails, give your teacher this reason:',
    no_exam: 'Your teacher has to open this link first. Then open it again from your course.',
    exam_over: 'This exam is over, and you did not take part in it.',
    start: 'Go to the start page',
    window: 'Open the exam in a new window',
    why: 'The exam uses your camera, so it has to open in its own window.',
    open: 'Open in a new window',
    ended: 'The assessment has ended',
    ended_text: 'The observation has ended with it, and the camera is off. You can close this window.',
  },
  de: {
    refused: 'Dieser Link ließ sich nicht öffnen',
    again: 'Öffnen Sie den Link noch einmal in Ihrem Kurs. Hilft das nicht, nennen Sie Ihrer Lehrperson diesen Grund:',
    no_exam: 'Ihre Lehrperson muss diesen Link zuerst öffnen. Öffnen Sie ihn danach noch einmal in Ihrem Kurs.',
    exam_over: 'Diese Prüfung ist vorbei, und Sie haben nicht daran teilgenommen.',
    start: 'Zur Startseite',
    window: 'Die Prüfung in einem neuen Fenster öffnen',
    why: 'Die Prüfung verwendet Ihre Kamera und braucht deshalb ein eigenes Fenster.',
    open: 'In neuem Fenster öffnen',
    ended: 'Die Prüfung ist beendet',
    ended_text: 'Damit ist auch die Beobachtung beendet, und die Kamera ist aus. Sie können dieses Fenster schließen.',
  },
  es: {
    refused: 'No se pudo abrir este enlace',
    again: 'Vuelva a abrir el enlace en su curso. Si no funciona, comunique este motivo a su docente:',
    no_exam: 'Su docente debe abrir antes este enlace. Después, ábralo de nuevo en su curso.',
    exam_over: 'Este examen ha terminado y usted no participó en él.',
    start: 'Ir al inicio',
    window: 'Abrir el examen en una ventana nueva',
    why: 'El examen usa su cámara, por lo que necesita su propia ventana.',
    open: 'Abrir en una ventana nueva',
    ended: 'El examen ha terminado',
    ended_text: 'La observación ha terminado con él y la cámara está apagada. Puede cerrar esta ventana.',
  },
} as const;

/** Why a launch was refused. The reason is in English, for support. */
export const refusalPage = (reason: LaunchReason, language: PageLanguage): string => {
  const { refused, again, start, no_exam: noExam, exam_over: examOver } = texts[language];
  const text =
    reason === 'no_exam'
      ? noExam
      : reason === 'exam_over'
        ? examOver
        : `${again} ${reason}: ${launchRefusals[reason]}.`;
  return plainPage(language, { title: refused, text, link: start }, '/');
};

/** Shown inside a course's frame, where cameras and cookies are often blocked. @param href of the login, with its parameters */
export const newWindowPage = (href: string, language: PageLanguage): string => {
  const { window: title, why: text, open: link } = texts[language];
  return plainPage(language, { title, text, link }, href, { isNewWindow: true });
};

/** After the end of an assessment. */
export const endedPage = (language: PageLanguage): string => {
  const { ended: title, ended_text: text, start: link } = texts[language];
  return plainPage(language, { title, text, link }, '/');
};
