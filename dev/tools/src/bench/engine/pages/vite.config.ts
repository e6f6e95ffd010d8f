import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const pages = ['invigil', 'human', 'plain', 'baseline'];

/** The pages that `npm run bench:engine` drives, each built as it would be for production. */
export default defineConfig({
  root: here('.'),
  base: './',
  logLevel: 'error',
  resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: here('../../../../../../engine/dist/bench'),
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: Object.fromEntries(pages.map((name) => [name, here(`${name}.html`)])) },
  },
});
