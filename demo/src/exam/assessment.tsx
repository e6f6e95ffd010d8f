import { tokenOf } from '../sessions/session-token.ts';
import { EndButton } from './end-button.tsx';
import { examTexts } from './exam-texts.ts';
import type { StudentSession } from './student-session.ts';

const texts = examTexts.assessment;

/** Takes the place of the questions if they are on a learning platform: opens them in a new window, while this one observes. */
export const Assessment = ({ session }: { session: StudentSession }) => (
  <div class="paper">
    <p>{texts.text}</p>
    <form class="buttons" method="post" action="/lti/assessment" target="_blank">
      <input type="hidden" name="token" value={tokenOf(session.element.sessionId ?? '') ?? ''} />
      <button class="button" type="submit" data-testid="start-assessment">
        {texts.start}
      </button>
    </form>
    <p class="soft small">{texts.keepOpen}</p>
    <EndButton unanswered={0} onEnd={() => void session.end()} />
  </div>
);
