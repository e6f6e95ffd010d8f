import { compareArrivals, compareFrames } from '@invigil/protocol/report';
import type { Report, RiskWeights } from '@invigil/protocol/report';
import type { RuleSet } from '@invigil/protocol/rules';
import type { StoredFrame } from '@invigil/protocol/frame';
import { IngestError } from '../model/ingest-error.ts';
import { ruleSetOf, weightsOf } from '../analysis/analysis-rules.ts';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { stepAnalysis, startAnalysis } from '../analysis/analysis-state.ts';
import type { AnalysisState } from '../analysis/analysis-state.ts';
import { dumpFormat, firstDumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { endMsOf, reportOf } from '../analysis/session-analysis.ts';
import type { AnalysisBasis } from '../analysis/session-analysis.ts';

/** Parses a dump written by `writeDump`; throws `not_a_dump` for anything else. */
export const parseDump = (text: string): FramesDump => {
  let dump: unknown;
  try {
    dump = JSON.parse(text);
  } catch (error) {
    throw new IngestError('not_a_dump', 'the dump is not JSON', error);
  }
  const format = typeof dump === 'object' && dump !== null && 'format' in dump ? dump.format : null;
  if (format === dumpFormat || format === firstDumpFormat) return dump as FramesDump;
  throw new IngestError('not_a_dump', `not a dump: "format" must be "${dumpFormat}" or "${firstDumpFormat}"`);
};

/** How the analysis should differ from the server's. */
export interface DumpAnalysis {
  /** Null: the dump's rules. */
  rulesVersion: string | null;
  /** Null: the default weights of the rules. */
  weightsVersion: string | null;
  /** Analyse only this part of the session, in seconds after its first frame; null for all of it. */
  part: { fromS: number; toS: number } | null;
  /** Use the answers, alerts and other sessions that this report version included; null: the newest version. */
  version: number | null;
}

const serverDefaults: DumpAnalysis = { rulesVersion: null, weightsVersion: null, part: null, version: null };

/** The report of a dumped session: byte for byte the server's, unless `requested` overrides its defaults. */
export const analyzeDump = (dump: FramesDump, requested: Partial<DumpAnalysis> = {}): Report => {
  const plan = planOf(dump, requested);
  const { from, rules, startedMs } = plan;
  return reportOfPlan(plan, 'folded' in from ? from.folded : foldAll(from.frames, rules, startedMs));
};

interface AnalysisPlan {
  /** The frames left to analyse, or the result that the dump contains. */
  from: { frames: readonly StoredFrame[] } | { folded: AnalysisState };
  startedMs: number;
  /** Null: only a part of the session is analysed. */
  dump: FramesDump | null;
  rules: AnalysisRules;
  basis: AnalysisBasis;
  weights: RiskWeights | null;
}

const reportOfPlan = ({ dump, rules, basis, weights }: AnalysisPlan, folded: AnalysisState): Report =>
  reportOf(folded, dump === null ? basis : { ...basis, endMs: endOf(dump, rules, folded) }, weights);

const planOf = (dump: FramesDump, requested: Partial<DumpAnalysis>): AnalysisPlan => {
  const { rulesVersion, weightsVersion, part, version } = { ...serverDefaults, ...requested };
  const rules = { ...dump.rules, version: rulesVersion ?? dump.rules.version };
  const weights = weightsVersion === null ? null : weightsOf(weightsVersion);
  const { session, losses, chain } = dump;
  const context = contextOf(dump, version);
  const basis = { session, rules, losses, chain, endMs: dump.end_ms, ...(context == null ? {} : { context }) };
  const startedMs = Date.parse(session.started_at);
  if (part === null) return { from: sourceOf(dump, rules), startedMs, rules, basis, weights, dump };
  demandFrames(dump, 'only the whole session can be analysed');
  const firstMs = dump.frames[0]?.timestamp ?? 0;
  const [fromMs, toMs] = [firstMs + part.fromS * 1000, firstMs + part.toS * 1000];
  const frames = dump.frames.filter(({ timestamp }) => timestamp >= fromMs && timestamp <= toMs);
  // The chain covers all frames, so a part of the session has none.
  const ofPart = { ...basis, chain: null, endMs: frames.at(-1)?.timestamp ?? null };
  return { from: { frames }, startedMs: fromMs, rules, basis: ofPart, weights, dump: null };
};

const contextOf = ({ context, amendments = [] }: FramesDump, version: number | null): FramesDump['context'] => {
  const known = amendments.filter((amendment) => version === null || amendment.version <= version);
  return known.toSorted((a, b) => a.version - b.version).at(-1)?.context ?? context;
};

/** If the rules use a different order than the dump's own, the end time is on a different clock. */
const endOf = ({ rules: own, session, end_ms: endMs }: FramesDump, requested: AnalysisRules, folded: AnalysisState) =>
  ruleSetOf(own).order === ruleSetOf(requested).order || session.ended_at === null
    ? endMs
    : endMsOf(folded, Date.parse(session.ended_at));

const demandFrames = ({ folded }: FramesDump, what: string): void => {
  if (folded === null) return;
  throw new IngestError('frames_expired', `some frames of this session had expired before its end, so ${what}`);
};

const orderOf = ({ order }: RuleSet) => (order === 'arrival' ? compareArrivals : compareFrames);

/** Analyses a complete list of frames in any order. @param startedMs the session's start, server clock */
export const foldAll = (frames: readonly StoredFrame[], rules: AnalysisRules, startedMs: number): AnalysisState => {
  const set = ruleSetOf(rules);
  let folded = startAnalysis(set, startedMs);
  for (const frame of frames.toSorted(orderOf(set))) [folded] = stepAnalysis(folded, frame, set);
  return folded;
};

const sourceOf = (dump: FramesDump, rules: AnalysisRules): AnalysisPlan['from'] => {
  if (dump.folded !== null && rules.version === dump.rules.version) return { folded: dump.folded };
  demandFrames(dump, `it can only be analysed with its own rules version, ${dump.rules.version}`);
  return { frames: dump.frames };
};
