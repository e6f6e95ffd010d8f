import { useSignal } from '@preact/signals';
import type { ObservationType } from '@invigil/protocol/rules';
import { useEffect } from 'preact/hooks';
import { fetchRuleOutcomes } from '../api/report-api.ts';
import type { RuleOutcome } from '../api/report-api.ts';
import type { Answer } from '../api/answer.ts';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { observationName } from '../words/observation-words.ts';
import { percentText } from '../page/number-text.ts';
import { reviewTexts } from './review-texts.ts';

const texts = reviewTexts.rules;

const rateText = ({ alerts_confirmed: confirmed, alerts_dismissed: dismissed }: RuleOutcome): string => {
  const decided = confirmed + dismissed;
  return decided === 0 ? texts.undecided : texts.rate(percentText(dismissed / decided), String(decided));
};

const columns: readonly (readonly [string, (rule: RuleOutcome) => string])[] = [
  [texts.observations, ({ observations }) => String(observations)],
  [texts.confirmed, ({ confirmed }) => String(confirmed)],
  [texts.dismissed, ({ dismissed }) => String(dismissed)],
  [texts.unsure, ({ unsure }) => String(unsure)],
  [texts.alerts, ({ alerts }) => String(alerts)],
  [texts.falseAlarms, rateText],
];

const RuleTable = ({ version, rules }: { version: string; rules: readonly RuleOutcome[] }) => (
  <div class="card">
    <h2 id={`rules-${version}`}>{texts.version(version)}</h2>
    <div class="table" role="region" aria-labelledby={`rules-${version}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.rule}</th>
            {columns.map(([name]) => (
              <th key={name} scope="col" class="end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.type}>
              <th scope="row">{observationName(rule.type as ObservationType)}</th>
              {columns.map(([name, of]) => (
                <td key={name} class="number end" translate={false}>
                  {of(rule)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </div>
);

/** What reviewers decided about each rule's observations and alerts, in all of the teacher's exams. */
export const RuleOutcomes = () => {
  const answer = useSignal<Answer<RuleOutcome[]> | null>(null);
  const load = async (): Promise<void> => {
    answer.value = await fetchRuleOutcomes();
  };
  useEffect(() => void load(), []);
  const known = answer.value;
  if (known !== null && !known.ok) return <ProblemNotice answer={known} again={() => void load()} />;
  const rules = known?.value ?? [];
  const versions = [...new Set(rules.map(({ rules_version: version }) => version))].toReversed();
  return (
    <div data-rule-outcomes={known === null ? 'loading' : 'shown'}>
      <p>
        <a href="/proctor/">{reviewTexts.exams}</a>
      </p>
      <h1>{texts.title}</h1>
      <p class="soft">{texts.text}</p>
      {known === null ? <p role="status">{reviewTexts.loading}</p> : null}
      {known !== null && rules.length === 0 ? <p>{texts.none}</p> : null}
      {versions.map((version) => (
        <RuleTable
          key={version}
          version={version}
          rules={rules.filter(({ rules_version }) => rules_version === version)}
        />
      ))}
    </div>
  );
};
