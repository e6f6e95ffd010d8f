import type { StoredFrame } from '@invigil/protocol/frame';
import type { Report, SessionContext } from '@invigil/protocol/report';
import { asJob } from '../threads/job-answer.ts';
import { analyzeDump } from './analyze-dump.ts';
import type { DumpAnalysis } from './analyze-dump.ts';
import { writeAmendments } from './frames-dump.ts';
import type { DumpAmendment, FramesDump } from './frames-dump.ts';
import { readDump } from './read-dump.ts';
import { withUnknownHeads } from './work-heads.ts';

// A thread loads this file (`dump-threads.ts`). Reading and analysing a long session takes seconds.

export type RequestedRules = Pick<DumpAnalysis, 'rulesVersion' | 'weightsVersion'>;

export interface NewReport {
  rulesVersion: string;
  /** The report as JSON. */
  report: string;
}

export interface ReportOfDump extends NewReport {
  endedAt: string | null;
  /** Frames of the dump, and of them those in the report. */
  frames: number;
  reportFrames: number;
  /** The frames that have the requested field. */
  observed: StoredFrame[];
}

export interface AmendedReport {
  report: string;
  amendments: DumpAmendment[];
}

/** Null: with these rules, the dump cannot be analysed, because some frames had expired before the end. */
const reportWith = (dump: FramesDump, { rulesVersion, weightsVersion }: RequestedRules): NewReport | null => {
  const rules = rulesVersion ?? dump.rules.version;
  if (dump.folded !== null && rules !== dump.rules.version) return null;
  return { rulesVersion: rules, report: JSON.stringify(analyzeDump(dump, { rulesVersion, weightsVersion })) };
};

/** Null if the dump was deleted, or some of its frames had expired. */
export const analyzeAgain = asJob(
  async ({ file, requested }: { file: string; requested: RequestedRules }): Promise<NewReport | null> => {
    const dump = await readDump(file);
    return dump === null ? null : reportWith(dump, requested);
  },
);

/** Null if the file does not exist. */
export const reportOfDump = asJob(
  async ({ file, field }: { file: string; field: keyof StoredFrame }): Promise<ReportOfDump | null> => {
    const dump = await readDump(file);
    if (dump === null) return null;
    const report = analyzeDump(dump);
    return {
      rulesVersion: report.rules_version,
      report: JSON.stringify(report),
      endedAt: dump.session.ended_at,
      frames: dump.frames.length,
      reportFrames: report.integrity.frames,
      observed: dump.frames.filter((frame) => frame[field] !== undefined),
    };
  },
);

export interface Amendment {
  file: string;
  /** The newest report, which the new one follows. */
  newest: { version: number; rulesVersion: string; report: string };
  /** What the records contain now. */
  known: SessionContext;
}

/** The report with everything in the records, and the dump's amendments that lead to it. Null as for `analyzeAgain`. */
export const amendReport = asJob(async ({ file, newest, known }: Amendment): Promise<AmendedReport | null> => {
  const dump = await readDump(file);
  if (dump === null) return null;
  const { risk } = JSON.parse(newest.report) as Report;
  // The frame store was cleared after the end, so only the dump has the number of frames that it had lost.
  const complete = { ...known, frames_missing: dump.context?.frames_missing ?? 0 };
  const context = await withUnknownHeads(complete, dump.chain, oneChunk(dump.links ?? []));
  const earlier = (dump.amendments ?? []).filter(({ version }) => version <= newest.version);
  const amendments = [...earlier, { version: newest.version + 1, context }];
  const requested = { rulesVersion: newest.rulesVersion, weightsVersion: risk.weights_version };
  const made = reportWith({ ...dump, amendments }, requested);
  return made === null ? null : { report: made.report, amendments };
});

export const replaceAmendments = asJob(
  ({ file, amendments }: { file: string; amendments: DumpAmendment[] }): Promise<void> =>
    writeAmendments(file, amendments),
);

const oneChunk = async function* <Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  yield items;
};
