import { accommodate, currentRuleSet, ruleSets } from '@invigil/protocol/rules';
import { riskWeightSets } from '@invigil/protocol/report';
import type { Accommodation, RuleSet } from '@invigil/protocol/rules';
import type { RiskWeights } from '@invigil/protocol/report';
import { IngestError } from '../model/ingest-error.ts';

/** The rule set version and accommodations that a session is analysed with. */
export interface AnalysisRules {
  version: string;
  accommodations: readonly Accommodation[];
}

export const defaultRules: AnalysisRules = { version: currentRuleSet.version, accommodations: [] };

/** Throws `unknown_rules` for a version that does not exist. */
export const ruleSetOf = ({ version, accommodations }: AnalysisRules): RuleSet => {
  const set = Object.hasOwn(ruleSets, version) ? ruleSets[version] : undefined;
  if (set === undefined) {
    const known = Object.keys(ruleSets).join(', ');
    throw new IngestError('unknown_rules', `rules version ${version} does not exist; allowed: ${known}`);
  }
  return accommodate(set, accommodations);
};

/** Throws `unknown_rules` for a weights version that does not exist. */
export const weightsOf = (version: string): RiskWeights => {
  const weights = Object.hasOwn(riskWeightSets, version) ? riskWeightSets[version] : undefined;
  if (weights !== undefined) return weights;
  const known = Object.keys(riskWeightSets).join(', ');
  throw new IngestError('unknown_rules', `weights version ${version} does not exist; allowed: ${known}`);
};

export const accommodationNames = ({ accommodations }: AnalysisRules): string[] =>
  accommodations.map(({ name }) => name);

export const isSameRules = (a: AnalysisRules, b: AnalysisRules): boolean => JSON.stringify(a) === JSON.stringify(b);
