import { Notice } from '../page/notice.tsx';
import { PhoneHelp } from './phone-help.tsx';
import { phoneTexts as texts } from './phone-texts.ts';
import { QrCode } from './qr-code.tsx';
import type { StudentSession } from './student-session.ts';

/** Takes the place of the camera's panel while a phone is the camera. */
export const PhonePlace = ({ session }: { session: StudentSession }) => {
  const { phone, address, wasConnected, hasFailed } = session.phone.view.value;
  const isLost = phone === 'lost' || phone === 'none' || hasFailed;
  return (
    <section class="card phone-place" aria-labelledby="phone-camera" data-testid="phone-place" data-phone={phone}>
      <h2 id="phone-camera">{texts.title}</h2>
      <Notice kind={isLost ? 'warning' : 'info'}>
        <p>{hasFailed ? texts.failed : texts.states[phone]}</p>
      </Notice>
      {address === null ? null : (
        <>
          <p>{texts.scan}</p>
          <QrCode text={address} label={texts.code} />
          <p class="small">
            {texts.address} <code translate={false}>{address}</code>
          </p>
        </>
      )}
      <p class="soft small">{texts.place}</p>
      {wasConnected ? <p class="soft small">{texts.observed}</p> : <p class="soft">{texts.next}</p>}
      <div class="buttons">
        {phone === 'connected' || phone === 'waiting' ? null : (
          <button class="button" type="button" data-testid="phone-again" onClick={() => void session.choosePhone()}>
            {texts.again}
          </button>
        )}
        <button class="button quiet" type="button" data-testid="phone-leave" onClick={() => session.chooseComputer()}>
          {texts.back}
        </button>
      </div>
      {session.element.help === null ? null : <PhoneHelp ask={session.element.help} />}
    </section>
  );
};

/** Offered before and while the computer is the camera, if the exam allows it. */
export const PhoneOffer = ({ session }: { session: StudentSession }) => (
  <p>
    <button class="button quiet" type="button" data-testid="use-phone" onClick={() => void session.choosePhone()}>
      {texts.use}
    </button>
  </p>
);
