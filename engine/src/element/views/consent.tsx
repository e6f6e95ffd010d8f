import { consentPoints } from './consent-points.ts';
import { Numbers } from './numbers.tsx';
import { Organiser } from './organiser.tsx';
import type { ViewProps } from './view-props.ts';

/** Explains what is measured, sent, seen and stored, with all measurements, before anything is loaded. */
export const Consent = (props: ViewProps) => {
  const { texts, language, resuming, mayPicture, notice, onBegin, onDecline } = props;
  const { consent } = texts;
  return (
    <section part="consent" class="card" aria-labelledby="consent">
      <h2 id="consent">{consent.title}</h2>
      {resuming ? <p>{consent.resume}</p> : null}
      <dl class="points">
        {consentPoints(notice, mayPicture, consent).map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <Organiser {...props} />
      </dl>
      <details>
        <summary>{consent.numbers}</summary>
        <Numbers frame={{}} language={language} />
      </details>
      <p class="soft">{consent.download}</p>
      <div class="buttons">
        <button part="button" type="button" data-testid="consent" onClick={onBegin}>
          {resuming ? consent.goOn : consent.agree}
        </button>
        <button part="button" class="quiet" type="button" data-testid="decline" onClick={onDecline}>
          {consent.decline}
        </button>
      </div>
    </section>
  );
};
