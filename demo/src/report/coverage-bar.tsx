import { percentOf } from './coverage-kinds.ts';
import type { CoveragePart } from './coverage-kinds.ts';
import { evidenceTexts } from './evidence-texts.ts';

const texts = evidenceTexts.kinds;

const labelOf = (parts: readonly CoveragePart[]): string => {
  const [live = '', late = '', missing = ''] = parts.map(percentOf);
  return texts.bar(live, late, missing);
};

/** The three kinds of coverage side by side, distinguished by pattern as well as by colour. */
export const CoverageBar = ({ parts }: { parts: readonly CoveragePart[] }) => (
  <div class="coverage-bar" role="img" aria-label={labelOf(parts)}>
    {parts.map(({ kind, share }) =>
      share === 0 ? null : <span key={kind} class={`kind ${kind}`} style={{ width: `${(share * 100).toFixed(3)}%` }} />,
    )}
  </div>
);
