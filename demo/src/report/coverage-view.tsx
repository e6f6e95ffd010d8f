import type { Coverage, GapReason } from '@invigil/protocol/report';
import { durationText, partAndWhole } from '../page/duration-text.ts';
import { observationWords } from '../words/observation-words.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.coverage;

/** Rounded down, so that "100 %" means all of it. */
const percentText = (share: number): string => (Math.floor(share * 1000) / 10).toFixed(share === 1 ? 0 : 1);

const Reasons = ({ reasons }: { reasons: Coverage['not_observed_s'] }) => {
  const list = (Object.entries(reasons) as [GapReason, number][]).toSorted(([, a], [, b]) => b - a);
  if (list.length === 0) return <p class="soft">{texts.full}</p>;
  return (
    <>
      <h3>{texts.why}</h3>
      <ul>
        {list.map(([reason, seconds]) => (
          <li key={reason}>
            {observationWords.reasons[reason]}: <span class="number">{durationText(seconds)}</span>
          </li>
        ))}
      </ul>
    </>
  );
};

/** Coverage, shown apart from the observations. */
export const CoverageView = ({ coverage }: { coverage: Coverage | null }) => (
  <section class="card" aria-labelledby="coverage" data-testid="coverage">
    <h2 id="coverage">{texts.title}</h2>
    {coverage === null ? (
      <p>{texts.none}</p>
    ) : (
      <>
        <p class="big">{texts.share(percentText(coverage.share))}</p>
        <p class="soft number">{texts.of(...partAndWhole(coverage.observed_s, coverage.duration_s))}</p>
        <Reasons reasons={coverage.not_observed_s} />
      </>
    )}
    <p class="soft small">{texts.never}</p>
  </section>
);
