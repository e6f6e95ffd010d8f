/** The inside of a process that is measured: it answers its parent's questions about what it has used. */

/** @param {Record<string, (question: any) => unknown>} answers what else it can be asked */
export const answerParent = (answers = {}) => {
  const known = {
    cpu() {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000 };
    },
    /** After two collections, so that what is counted is held. */
    memory() {
      globalThis.gc?.();
      globalThis.gc?.();
      const { rss, heapUsed, external } = process.memoryUsage();
      return { rssBytes: rss, heldBytes: heapUsed + external };
    },
    ...answers,
  };
  process.on('message', async ({ id, what, ...question }) => {
    try {
      process.send({ id, answer: await known[what](question) });
    } catch (error) {
      process.send({ id, error: error.message });
    }
  });
  process.once('disconnect', () => process.exit(0));
};
