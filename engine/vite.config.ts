import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Modules that share one client, with their workers and wasm beside them, for pages without a bundler. */
export default defineConfig({
  root: here('.'),
  // Workers are found beside the module, wherever a page puts the folder.
  base: './',
  resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: here('dist/browser'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    modulePreload: false,
    // Not Vite's library mode: that would put the wasm into the script as text.
    rolldownOptions: {
      input: { invigil: here('src/index.ts'), element: here('src/element.ts'), words: here('src/words.ts') },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});
