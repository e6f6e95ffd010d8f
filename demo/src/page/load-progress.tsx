import type { LoadProgress } from '@invigil/engine';
import { numberText } from './number-text.ts';

interface LoadProgressProps {
  progress: LoadProgress | null;
  title: string;
  text: string;
  /** The step shown before the first progress event. */
  firstStep: string;
  models: string;
  warmUp: string;
  amount: (loadedMb: string, totalMb: string) => string;
}

const megabytes = (bytes: number): string => numberText(bytes / 1_000_000, 1);

/** Download progress of the models. */
export const LoadProgressView = (props: LoadProgressProps) => {
  const { progress, title, text, firstStep, models, warmUp, amount } = props;
  const total = progress?.totalBytes ?? 0;
  const loaded = progress?.loadedBytes ?? 0;
  return (
    <section class="card" aria-labelledby="loading">
      <h2 id="loading">{title}</h2>
      <p>{text}</p>
      <progress aria-labelledby="loading" {...(total > 0 ? { value: loaded, max: total } : {})} />
      <p class="soft">
        {progress === null ? firstStep : progress.step === 'warm-up' ? warmUp : models}
        {total > 0 ? <span class="number"> · {amount(megabytes(loaded), megabytes(total))}</span> : null}
      </p>
    </section>
  );
};
