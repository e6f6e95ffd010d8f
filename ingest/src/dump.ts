/** Reads, analyses and verifies a dump of a session without a server. */
export { analyzeDump, parseDump } from './dump/analyze-dump.ts';
export type { FramesDump } from './dump/frames-dump.ts';
export { verdictText, verifyDump } from './dump/verify-dump.ts';
export { receiptProblem } from './receipts/receipt.ts';
export type { PublicKey, ReceiptAnswer, RootBody, Signed } from './receipts/receipt.ts';
