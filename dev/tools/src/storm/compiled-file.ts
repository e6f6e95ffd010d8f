import { fileURLToPath } from 'node:url';

/** Where `compile.ts` writes. At the depth of the testkit's sources, because these find the repository by a relative path. */
export const compiledFile = fileURLToPath(
  new URL('../../../../node_modules/.cache/invigil-storm/program.js', import.meta.url),
);
