import { untranslated } from '../page/untranslated.ts';
import type { Risk } from '@invigil/protocol/report';
import { durationText } from '../page/duration-text.ts';
import { localNumbers, percentText } from '../page/number-text.ts';
import { observationName } from '../words/observation-words.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.risk;

const Arithmetic = ({ risk }: { risk: Risk }) => (
  <div class="table" role="region" aria-label={texts.arithmetic} tabIndex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">{texts.type}</th>
          <th scope="col">{texts.arithmetic}</th>
          <th scope="col" class="end">
            {texts.points}
          </th>
        </tr>
      </thead>
      <tbody>
        {risk.contributions.map(({ type, arithmetic, points, max_points: maxPoints, seconds }) => (
          <tr key={type}>
            <th scope="row">{observationName(type)}</th>
            <td class="number" {...untranslated(maxPoints === 0 ? texts.neverCounts('') : arithmetic)}>
              {maxPoints === 0 ? texts.neverCounts(durationText(seconds)) : localNumbers(arithmetic)}
            </td>
            <td class="number end" translate={false}>
              {localNumbers(String(points))}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {texts.sum}
          </th>
          <td class="number end" translate={false}>
            {localNumbers(String(risk.sum_of_points))}
          </td>
        </tr>
      </tfoot>
    </table>
  </div>
);

/** The risk with its arithmetic. */
export const RiskView = ({ risk }: { risk: Risk }) => (
  <section class="card" aria-labelledby="risk">
    <h2 id="risk">{texts.title}</h2>
    <p class="big">
      {localNumbers(String(risk.value))} <span class="soft">{texts.of}</span>
    </p>
    <p class="soft small">{texts.text}</p>
    {risk.contributions.length === 0 ? <p class="soft">{texts.none}</p> : <Arithmetic risk={risk} />}
    {risk.cap_reason === null || risk.contributions.length === 0 ? null : (
      <p>
        {texts.capped(
          localNumbers(String(risk.capped_at)),
          percentText(risk.capped_at / 100, Number.isInteger(risk.capped_at) ? 0 : 1),
        )}
      </p>
    )}
  </section>
);
