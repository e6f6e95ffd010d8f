import { Notice } from '../page/notice.tsx';
import { withSession } from '../sessions/session-in-address.ts';
import { HandedIn } from './handed-in.tsx';
import { examTexts as texts } from './exam-texts.ts';
import type { ExamStage, StudentSession } from './student-session.ts';

/** The available actions while the exam is not running. The element beside it explains the state. */
export const NextSteps = ({ stage, session }: { stage: ExamStage; session: StudentSession }) => {
  const { sessionId } = session.element;
  switch (stage.stage) {
    case 'undelivered':
      return (
        <>
          <p class="next">{texts.undelivered.text}</p>
          <div class="buttons">
            <button class="button" type="button" onClick={() => location.reload()}>
              {texts.undelivered.again}
            </button>
            <button class="button quiet" type="button" onClick={() => void session.finish()}>
              {texts.undelivered.anyway}
            </button>
          </div>
        </>
      );
    case 'not_ended':
      return (
        <Notice kind="warning" urgent title={stage.isRefused ? texts.notEnded.refusedTitle : texts.notEnded.title}>
          <p>{stage.problem.detail ?? texts.notEnded.text}</p>
          <div class="buttons">
            <button class="button" type="button" onClick={() => void session.finish()}>
              {texts.notEnded.again}
            </button>
            {stage.isRefused && (
              <button class="button quiet" type="button" onClick={() => void session.endWithoutHandIn()}>
                {texts.notEnded.anyway}
              </button>
            )}
          </div>
        </Notice>
      );
    case 'failed':
      return (
        <div class="buttons">
          <a class="button quiet" href={withSession('/check/', sessionId)}>
            {texts.check}
          </a>
        </div>
      );
    case 'handed_in':
      return <HandedIn session={session} {...stage} />;
    case 'over':
      return <HandedIn session={session} atMs={null} lost={stage.lost} refusedAnswers={0} />;
    case 'preparing':
      return <p class="soft next">{texts.preparing}</p>;
    default:
      return null;
  }
};
