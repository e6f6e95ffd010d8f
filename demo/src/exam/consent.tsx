import { examTexts } from './exam-texts.ts';

const texts = examTexts.consent;

export const Consent = ({ resuming, onAgree }: { resuming: boolean; onAgree: () => void }) => (
  <section class="card" aria-labelledby="consent">
    <h2 id="consent">{texts.title}</h2>
    {resuming ? <p>{texts.resume}</p> : null}
    <dl class="points">
      {texts.points.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
    <p class="soft">{texts.download}</p>
    <div class="buttons">
      <button class="button" type="button" data-testid="consent" onClick={onAgree}>
        {resuming ? texts.resumeButton : texts.button}
      </button>
    </div>
  </section>
);
