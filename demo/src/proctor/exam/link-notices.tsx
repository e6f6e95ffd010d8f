import { Notice } from '../../page/notice.tsx';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { hasSignIn, signInAddress } from '../../sign-in/sign-in-session.ts';
import { signInTexts } from '../../sign-in/sign-in-texts.ts';

const texts = proctorTexts.links;
const names = ['live', 'alerts', 'exam'] as const;

const Reload = () => (
  <div class="buttons">
    <button class="button quiet" type="button" onClick={() => location.reload()}>
      {proctorTexts.again}
    </button>
  </div>
);

/** Lost connections, so that missing data is not mistaken for an uneventful exam. */
export const LinkNotices = ({ watch }: { watch: ExamWatch }) => {
  const states = names.map((name) => ({ name, link: watch.links[name].value }));
  const away = states.filter(({ link }) => link.state === 'waiting').map(({ name }) => texts[name]);
  const ended = states.flatMap(({ name, link }) => (link.state === 'over' ? [{ name, reason: link.reason }] : []));
  const denied = ended.filter(({ reason }) => reason === 'denied').map(({ name }) => texts[name]);
  const closed = ended.filter(({ reason }) => reason === 'closed').map(({ name }) => texts[name]);
  const isReplaced = ended.some(({ reason }) => reason === 'replaced');
  const isLiveOver = ended.some(({ name }) => name === 'live');
  return (
    <div data-testid="links">
      {away.length === 0 ? null : (
        <Notice kind="warning">
          <p>{texts.waiting(away.join(', '))}</p>
        </Notice>
      )}
      {denied.length === 0 ? null : (
        <Notice kind="warning" urgent>
          <p>{texts.denied(denied.join(', '))}</p>
          {hasSignIn() ? (
            <>
              <p>
                {signInTexts.ended.text} {isLiveOver ? signInTexts.ended.notLive : null}
              </p>
              <p>
                <a class="button" href={signInAddress()}>
                  {signInTexts.ended.again}
                </a>
              </p>
            </>
          ) : (
            // The page then asks for another token.
            <Reload />
          )}
        </Notice>
      )}
      {closed.length === 0 ? null : (
        <Notice kind="warning">
          <p>{texts.closed(closed.join(', '))}</p>
          <Reload />
        </Notice>
      )}
      {isReplaced ? (
        <Notice kind="warning">
          <p>{texts.replaced}</p>
          <div class="buttons">
            <button class="button quiet" type="button" onClick={() => watch.takeBack()}>
              {texts.here}
            </button>
          </div>
        </Notice>
      ) : null}
    </div>
  );
};
