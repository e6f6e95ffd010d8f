import type { Coverage, GapReason } from '@invigil/protocol/report';
import { durationText, partAndWhole } from '../page/duration-text.ts';
import { percentText } from '../page/number-text.ts';
import { observationWords } from '../words/observation-words.ts';
import { CoverageBar } from './coverage-bar.tsx';
import { partsOf, percentOf } from './coverage-kinds.ts';
import type { CoveragePart } from './coverage-kinds.ts';
import { evidenceTexts } from './evidence-texts.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.coverage;

/** Rounded down, so that "100 %" means all of it. */
const shareText = (share: number): string => percentText(Math.floor(share * 1000) / 1000, share === 1 ? 0 : 1);

const Reasons = ({ reasons }: { reasons: Coverage['not_observed_s'] }) => {
  const list = (Object.entries(reasons) as [GapReason, number][]).toSorted(([, a], [, b]) => b - a);
  if (list.length === 0) return <p class="soft">{texts.full}</p>;
  return (
    <>
      <h3>{texts.why}</h3>
      <ul>
        {list.map(([reason, seconds]) => (
          <li key={reason}>
            {observationWords.reasons[reason]}:{' '}
            <span class="number" translate={false}>
              {durationText(seconds)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
};

const kinds = evidenceTexts.kinds;

const Kinds = ({ parts }: { parts: readonly CoveragePart[] }) => (
  <>
    <CoverageBar parts={parts} />
    <dl class="numbers coverage-kinds">
      {parts.map((part) => (
        <div key={part.kind}>
          <dt>
            <span class={`kind swatch ${part.kind}`} aria-hidden="true" /> {kinds[part.kind]}
          </dt>
          <dd class="number" translate={false}>
            {kinds.amount(durationText(part.seconds), percentOf(part))}
          </dd>
        </div>
      ))}
    </dl>
    <p class="soft small">{kinds.explain}</p>
  </>
);

/** Coverage, shown apart from the observations. */
export const CoverageView = ({ coverage }: { coverage: Coverage | null }) => {
  const parts = coverage === null ? null : partsOf(coverage);
  return (
    <section class="card" aria-labelledby="coverage" data-testid="coverage">
      <h2 id="coverage">{texts.title}</h2>
      {coverage === null ? (
        <p>{texts.none}</p>
      ) : (
        <>
          <p class="big">{texts.share(shareText(coverage.share))}</p>
          <p class="soft number">{texts.of(...partAndWhole(coverage.observed_s, coverage.duration_s))}</p>
          {parts === null ? null : <Kinds parts={parts} />}
          <Reasons reasons={coverage.not_observed_s} />
          {coverage.gaps_not_listed === 0 || parts === null ? null : <p class="soft small">{kinds.notListed}</p>}
        </>
      )}
      <p class="soft small">{texts.never}</p>
    </section>
  );
};
