import { fileURLToPath } from 'node:url';

/** Where `compile.ts` writes. As deep in the repository as the testkit's sources, which find the repository from their own place. */
export const compiledFile = fileURLToPath(
  new URL('../../../../node_modules/.cache/invigil-storm/program.js', import.meta.url),
);
