import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Inside `node_modules`, so that the program finds the repository's packages. */
const outputFolder = here('../../../../../node_modules/.cache/invigil-bench/');

/**
 * Compiles a program of this folder to JavaScript that Node runs without a loader. The loader for TypeScript replaces private members by weak
 * maps, in the built packages too, which doubles the server's work; a server in production runs without it.
 *
 * @param name without extension @returns the program's path
 */
export const compileProgram = async (name: string): Promise<string> => {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { external: true },
    // This entry is not published, so it is not built; the bare loop needs one file of it.
    resolve: { alias: { '@invigil/ingest/testing': here('../../../../../ingest/dist/frames/append-scripts.js') } },
    build: {
      ssr: here(`./${name}.ts`),
      outDir: `${outputFolder}${name}`,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
    },
  });
  return `${outputFolder}${name}/${name}.js`;
};
