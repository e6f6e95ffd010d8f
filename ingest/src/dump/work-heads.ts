import type { FramesDump } from './frames-dump.ts';

/**
 * The answers (`question 3`) and the hand-in that name a chain head which this session never had. Their page made it up, or took it from
 * another session. Empty if the dump has no links to compare with.
 */
export const unknownWorkHeads = ({ chain, links, context, amendments = [] }: FramesDump): string[] => {
  const latest = amendments.toSorted((a, b) => a.version - b.version).at(-1)?.context ?? context;
  if (latest == null || links === undefined || typeof chain === 'string') return [];
  const heads = new Set([chain?.nonce, ...links.map(({ link }) => link)]);
  const isUnknown = (head: string | null | undefined): boolean => head != null && !heads.has(head);
  return [
    ...latest.answers.filter((answer) => isUnknown(answer.chain)).map((answer) => `question ${answer.question_number}`),
    ...(isUnknown(latest.hand_in_chain) ? ['hand-in'] : []),
  ];
};
