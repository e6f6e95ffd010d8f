import type { Report } from '@invigil/protocol';
import { IngestError } from '../ingest-error.ts';
import { ruleSetOf } from './analysis-rules.ts';
import { foldFrame, nothingFolded } from './folded.ts';
import type { Folded } from './folded.ts';
import { dumpFormat, firstDumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { reportOf } from './session-analysis.ts';

/** Reads a dump of ours; throws `not_a_dump` for anything else. */
export const parseDump = (text: string): FramesDump => {
  let dump: unknown;
  try {
    dump = JSON.parse(text);
  } catch (error) {
    throw new IngestError('not_a_dump', 'the dump is not JSON', error);
  }
  const format = typeof dump === 'object' && dump !== null && 'format' in dump ? dump.format : null;
  if (format === dumpFormat || format === firstDumpFormat) return dump as FramesDump;
  throw new IngestError('not_a_dump', `not a dump of the form ${dumpFormat}`);
};

/**
 * The report of a dumped session: with the dump's own rules the server's, byte for byte; with another version (`rulesVersion`) what
 * those rules say of the same frames.
 */
export const analyzeDump = (dump: FramesDump, rulesVersion: string | null = null): Report => {
  const rules = { ...dump.rules, version: rulesVersion ?? dump.rules.version };
  const { session, losses, chain, end_ms: endMs } = dump;
  return reportOf(foldedOf(dump, rules), { session, rules, losses, chain, endMs });
};

const foldedOf = (dump: FramesDump, rules: FramesDump['rules']): Folded => {
  if (dump.folded !== null) {
    if (rules.version === dump.rules.version) return dump.folded;
    throw new IngestError(
      'frames_expired',
      `some frames of this session had expired before its end, so only its own rules (${dump.rules.version}) can be run`,
    );
  }
  const set = ruleSetOf(rules);
  let folded = nothingFolded();
  for (const frame of dump.frames) folded = foldFrame(folded, frame, set);
  return folded;
};
