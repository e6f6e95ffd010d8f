import { withSession } from '../sessions/session-in-address.ts';
import { isInSafeExamBrowser } from '../api/safe-exam-browser.ts';
import { safeExamBrowserTexts } from '../safe-exam-browser/safe-exam-browser-texts.ts';
import { timeOfDayText } from '../page/moment-text.ts';
import { examTexts } from './exam-texts.ts';
import { OwnData } from './own-data.tsx';
import type { StudentSession } from './student-session.ts';

const texts = examTexts.handedIn;

interface HandedInProps {
  session: StudentSession;
  /** Unix epoch, milliseconds; null if the exam ended without a hand-in. */
  atMs: number | null;
  /** Measurements that could not be delivered; null if that is not known here. */
  lost: number | null;
  /** Answers that came too late. */
  refusedAnswers: number;
}

/** After the exam: what happened, what happens next, and the student's own data. */
export const HandedIn = ({ session, atMs, lost, refusedAnswers }: HandedInProps) => {
  const { notice, exam, element } = session;
  const { sessionId } = element;
  const known = notice.value;
  const mayRead = known?.report_to_student ?? true;
  const organiser = known?.organiser ?? null;
  return (
    <div data-testid="handed-in">
      <section class="card" aria-labelledby="handed-in">
        <h2 id="handed-in" tabIndex={-1}>
          {atMs === null ? texts.ended : texts.at(timeOfDayText(atMs))}
        </h2>
        <ul class="facts">
          <li>{texts.cameraOff}</li>
          {refusedAnswers === 0 ? null : <li>{texts.refusedAnswers(refusedAnswers)}</li>}
          {lost === null ? null : <li>{lost === 0 ? texts.delivered : texts.lost(lost)}</li>}
        </ul>
        <h3>{texts.nextTitle}</h3>
        <p>{texts.next}</p>
        <p>{mayRead ? texts.report : texts.noReport}</p>
        {organiser === null ? null : (
          <p>
            {texts.questions(organiser.contact === null ? organiser.name : `${organiser.name}, ${organiser.contact}`)}
          </p>
        )}
        {known?.safe_exam_browser != null && isInSafeExamBrowser() ? (
          <div class="buttons">
            <a class="button" href={known.safe_exam_browser.quit}>
              {safeExamBrowserTexts.quit}
            </a>
          </div>
        ) : null}
        {mayRead ? (
          <div class="buttons">
            <a class="button" href={withSession('/report/', sessionId)}>
              {texts.open}
            </a>
          </div>
        ) : null}
      </section>
      <OwnData place={{ ...exam, sessionId }} />
    </div>
  );
};
