const retryMs = 5000;

/**
 * Repeats a read that fails, for example during an outage of the records, so that its failure is not taken for an answer.
 * @param isNeeded whether somebody still needs the answer. @returns null once nobody does
 */
export const untilAnswered = async <Answer>(
  read: () => Promise<Answer>,
  isNeeded: () => boolean,
): Promise<Answer | null> => {
  while (isNeeded()) {
    try {
      return await read();
    } catch {
      await new Promise<void>((resolve) => setTimeout(resolve, retryMs).unref());
    }
  }
  return null;
};
