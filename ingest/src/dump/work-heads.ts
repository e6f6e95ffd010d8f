import type { ChainLink } from '@invigil/protocol/frame';
import type { SessionContext } from '@invigil/protocol/report';
import type { AnalysisBasis } from '../analysis/session-analysis.ts';
import type { FramesDump } from './frames-dump.ts';

type Work = Pick<SessionContext, 'answers' | 'hand_in_chain'>;

/** The answers, and whether the hand-in, name none of the chain's heads. */
const unknownAmong = ({ answers, hand_in_chain: handIn }: Work, heads: ReadonlySet<string | undefined>) => {
  const isUnknown = (head: string | null | undefined): boolean => head != null && !heads.has(head);
  return { answers: answers.filter(({ chain }) => isUnknown(chain)), hand_in: isUnknown(handIn) };
};

/**
 * The context, with the work that names a chain head which this session never had. Its page made it up, or took it from another session.
 * Nothing counts as unknown if the frame store lost part of the chain.
 */
export const withUnknownHeads = async (
  context: SessionContext,
  chain: AnalysisBasis['chain'],
  links: AsyncIterable<readonly ChainLink[]>,
): Promise<SessionContext> => {
  const hasHeads = context.hand_in_chain != null || context.answers.some((answer) => answer.chain !== null);
  if (!hasHeads || context.frames_missing > 0 || typeof chain === 'string') return context;
  const heads = new Set<string | undefined>([chain?.nonce]);
  for await (const some of links) for (const { link } of some) heads.add(link);
  const { answers, hand_in } = unknownAmong(context, heads);
  if (answers.length === 0 && !hand_in) return context;
  return { ...context, unknown_heads: { questions: answers.map(({ question_id: id }) => id), hand_in } };
};

/** The same of a dump, in words (`question 3`, `hand-in`). Empty if the dump has no links to compare with. */
export const unknownWorkHeads = ({ chain, links, context, amendments = [] }: FramesDump): string[] => {
  const latest = amendments.toSorted((a, b) => a.version - b.version).at(-1)?.context ?? context;
  if (latest == null || links === undefined || typeof chain === 'string') return [];
  const { answers, hand_in } = unknownAmong(latest, new Set([chain?.nonce, ...links.map(({ link }) => link)]));
  return [...answers.map(({ question_number: number }) => `question ${number}`), ...(hand_in ? ['hand-in'] : [])];
};
