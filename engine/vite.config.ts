import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import type { Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Addresses of the workers in the one form that bundlers know, `new Worker(new URL("…", import.meta.url))`, so that who bundles
 * these modules once more gets the workers and their wasm along.
 */
const plainWorkerAddresses = (): Plugin => ({
  name: 'plain-worker-addresses',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      chunk.code = chunk.code.replaceAll(
        /new URL\(new URL\(`([^`]+)`,import\.meta\.url\)\.href,``\+import\.meta\.url\)/g,
        'new URL("./$1",import.meta.url)',
      );
    }
  },
});

/** Modules that share one client, with their workers and wasm beside them, for pages without a bundler. */
export default defineConfig({
  root: here('.'),
  // Workers are found beside the module, wherever a page puts the folder.
  base: './',
  resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [plainWorkerAddresses()],
  worker: { format: 'es' },
  build: {
    outDir: here('dist/browser'),
    emptyOutDir: true,
    target: 'es2023',
    // Those that know light-dark(): written for older ones, it gives no colours in pages that do not say their colour-scheme.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    modulePreload: false,
    // Not Vite's library mode: that would put the wasm into the script as text.
    rolldownOptions: {
      input: { invigil: here('src/index.ts'), element: here('src/element.ts'), i18n: here('src/i18n.ts') },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});
