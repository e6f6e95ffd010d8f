import type { Report } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { IngestError } from '../model/ingest-error.ts';
import { ruleSetOf, weightsOf } from '../analysis/analysis-rules.ts';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { stepAnalysis, startAnalysis } from '../analysis/analysis-state.ts';
import type { AnalysisState } from '../analysis/analysis-state.ts';
import { dumpFormat, firstDumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { reportOf } from '../analysis/session-analysis.ts';

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

/** What should differ from the server's report. */
export interface DumpAnalysis {
  /** Null for the dump's own. */
  rulesVersion: string | null;
  /** Null for those that belong to the rules. */
  weightsVersion: string | null;
  /** Analyse only this part of the session, in seconds after its first frame; null for all of it. */
  part: { fromS: number; toS: number } | null;
}

const serverDefaults: DumpAnalysis = { rulesVersion: null, weightsVersion: null, part: null };

/** The report of a dumped session: byte for byte the server's, unless `asked` differs from its defaults. */
export const analyzeDump = (dump: FramesDump, asked: Partial<DumpAnalysis> = {}): Report => {
  const { rulesVersion, weightsVersion, part } = { ...serverDefaults, ...asked };
  const rules = { ...dump.rules, version: rulesVersion ?? dump.rules.version };
  const weights = weightsVersion === null ? null : weightsOf(weightsVersion);
  const { session, losses, chain, end_ms: endMs } = dump;
  const basis = { session, rules, losses, chain, endMs };
  if (part === null) return reportOf(foldedOf(dump, rules), basis, weights);
  demandFrames(dump, 'only the whole session can be analysed');
  const firstMs = dump.frames[0]?.timestamp ?? 0;
  const [fromMs, toMs] = [firstMs + part.fromS * 1000, firstMs + part.toS * 1000];
  const inside = dump.frames.filter(({ timestamp }) => timestamp >= fromMs && timestamp <= toMs);
  // The chain covers all frames; a part has none.
  const ofPart = { ...basis, chain: null, endMs: inside.at(-1)?.timestamp ?? null };
  return reportOf(foldAll(inside, rules), ofPart, weights);
};

const demandFrames = ({ folded }: FramesDump, what: string): void => {
  if (folded === null) return;
  throw new IngestError('frames_expired', `some frames of this session had expired before its end, so ${what}`);
};

const foldAll = (frames: readonly StoredFrame[], rules: AnalysisRules): AnalysisState => {
  const set = ruleSetOf(rules);
  let folded = startAnalysis();
  for (const frame of frames) [folded] = stepAnalysis(folded, frame, set);
  return folded;
};

const foldedOf = (dump: FramesDump, rules: AnalysisRules): AnalysisState => {
  if (dump.folded !== null && rules.version === dump.rules.version) return dump.folded;
  demandFrames(dump, `it can only be analysed with its own rules version, ${dump.rules.version}`);
  return foldAll(dump.frames, rules);
};
