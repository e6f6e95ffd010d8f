/** Reads, analyses and verifies a dump of a session without a server. */
export { analyzeDump, parseDump } from './dump/analyze-dump.ts';
export type { FramesDump } from './dump/frames-dump.ts';
export { verdictText, verifyDump } from './dump/verify-dump.ts';
