import type { Language } from '../../i18n/language.ts';
import { numberText } from '../../i18n/number-text.ts';
import type { LoadProgress } from '../../worker/perception.ts';
import { filled } from '../texts/element-texts.ts';
import { Live } from './live.tsx';
import type { ElementTexts } from '../texts/element-texts.ts';

const stepText = (progress: LoadProgress | null, texts: ElementTexts['preparing']): string => {
  if (progress === null) return texts.session;
  return progress.step === 'warm-up' ? texts.warmUp : texts.models;
};

interface PreparingProps {
  progress: LoadProgress | null;
  texts: ElementTexts['preparing'];
  language: Language;
}

/** Download progress of the models. */
export const Preparing = ({ progress, texts, language }: PreparingProps) => {
  const megabytes = (bytes: number): string => numberText(bytes / 1_000_000, language, 1);
  const total = progress?.totalBytes ?? 0;
  const loaded = progress?.loadedBytes ?? 0;
  const amount = filled(texts.amount, { loaded: megabytes(loaded), total: megabytes(total) });
  return (
    <section class="card" aria-labelledby="preparing">
      <h2 id="preparing">{texts.title}</h2>
      <p>{texts.text}</p>
      <progress part="progress" aria-labelledby="preparing" {...(total > 0 ? { value: loaded, max: total } : {})} />
      <p class="soft">
        <Live text={stepText(progress, texts)} />
        {total > 0 ? <Live text={` · ${amount}`} class="number" /> : null}
      </p>
    </section>
  );
};
