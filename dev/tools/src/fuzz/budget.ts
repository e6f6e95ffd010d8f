/** A number of messages that concurrent workers share, so that they end together. */
export interface Budget {
  /** Takes up to `most`. */
  take(most: number): number;
  giveBack(unused: number): void;
}

export const budgetOf = (count: number): Budget => {
  let left = count;
  return {
    take(most) {
      const taken = Math.min(most, left);
      left -= taken;
      return taken;
    },
    giveBack(unused) {
      left += unused;
    },
  };
};
