/** Compiles a program of this folder: `compile.ts NAME`. See `compileProgram`. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compiledFolder } from './compiled-program.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const name = process.argv[2]!;

await build({
  configFile: false,
  logLevel: 'error',
  ssr: { external: true },
  // This entry is not published, so it is not built; the bare loop needs one file of it.
  resolve: { alias: { '@invigil/ingest/testing': here('../../../../../ingest/dist/frames/append-scripts.js') } },
  build: {
    ssr: here(`./${name}.ts`),
    outDir: compiledFolder(name),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
  },
});
