import { Numbers } from './numbers.tsx';
import type { ViewProps } from './view-props.ts';

/** Explains what is measured, sent, seen and stored, with all measurements, before anything is loaded. */
export const Consent = ({ texts: { consent: texts }, language, resuming, mayPicture, onBegin }: ViewProps) => (
  <section part="consent" class="card" aria-labelledby="consent">
    <h2 id="consent">{texts.title}</h2>
    {resuming ? <p>{texts.resume}</p> : null}
    <dl class="points">
      {[texts.read, mayPicture ? texts.sent : { ...texts.sent, text: texts.sent.never }, texts.seen, texts.kept].map(
        ({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ),
      )}
    </dl>
    <details>
      <summary>{texts.numbers}</summary>
      <Numbers frame={{}} language={language} />
    </details>
    <p class="soft">{texts.download}</p>
    <button part="button" type="button" data-testid="consent" onClick={onBegin}>
      {resuming ? texts.goOn : texts.agree}
    </button>
  </section>
);
