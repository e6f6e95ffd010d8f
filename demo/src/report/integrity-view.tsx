import type { Report } from '@invigil/protocol/report';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.integrity;

const rowsOf = ({ integrity, rules_version }: Report): readonly (readonly [string, string])[] => [
  [texts.frames, String(integrity.frames)],
  [texts.lost, String(integrity.frames_lost)],
  ...Object.entries(integrity.losses).map(
    ([reason, count]) => [`… ${texts.losses[reason] ?? reason}`, String(count)] as const,
  ),
  [texts.chain, integrity.chain ?? texts.noChain],
  [texts.rules, rules_version],
];

/** Whether all readings have arrived, and which rules analysed them. */
export const IntegrityView = ({ report }: { report: Report }) => (
  <section class="card" aria-labelledby="integrity">
    <h2 id="integrity">{texts.title}</h2>
    <dl class="numbers">
      {rowsOf(report).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="number">{value}</dd>
        </div>
      ))}
    </dl>
  </section>
);
