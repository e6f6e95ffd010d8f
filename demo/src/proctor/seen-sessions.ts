/** A sitting that this tab has seen, so that its report is found after the exam. */
export interface SeenSitting {
  sessionId: string;
  name: string;
}

const keyOf = (examId: string): string => `invigil-seen:${examId}`;

export const seenSittings = (examId: string): SeenSitting[] => {
  const kept = sessionStorage.getItem(keyOf(examId));
  return kept === null ? [] : (JSON.parse(kept) as SeenSitting[]);
};

export const rememberSittings = (examId: string, sittings: readonly SeenSitting[]): void => {
  const all = new Map([...seenSittings(examId), ...sittings].map((sitting) => [sitting.sessionId, sitting]));
  sessionStorage.setItem(keyOf(examId), JSON.stringify([...all.values()]));
};
