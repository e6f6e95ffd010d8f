/** Compiles `program.ts`, with the sources of this repository's packages, to one file that Node runs without a loader. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compiledFile } from './compiled-file.ts';

await build({
  configFile: false,
  logLevel: 'error',
  resolve: { conditions: ['@invigil/source'] },
  ssr: { noExternal: [/^@invigil\//], resolve: { conditions: ['@invigil/source', 'node', 'import', 'default'] } },
  build: {
    ssr: fileURLToPath(new URL('program.ts', import.meta.url)),
    outDir: dirname(compiledFile),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
