import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import type { Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Rewrites worker addresses to the form that bundlers recognise, `new Worker(new URL("…", import.meta.url))`, so that bundling
 * these modules again includes the workers and their wasm.
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

/** Vite wraps each dynamic import in a helper that loads style sheets first. The engine has none, so the import alone is enough. */
const plainImports = (): Plugin => {
  const helper = '\0vite/preload-helper.js';
  return {
    name: 'plain-imports',
    enforce: 'pre',
    load: (id) => (id === helper ? 'export const __vitePreload = (load) => load();' : null),
  };
};

interface SourceMap {
  sources: string[];
  sourcesContent?: (string | null)[];
}

/** Leaves the text of dependencies out of the source maps, which would otherwise be three quarters of the package. */
const ownSourcesOnly = (): Plugin => ({
  name: 'own-sources-only',
  async closeBundle() {
    const folder = here('dist/browser');
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith('.map')) continue;
      const map = JSON.parse(await readFile(`${folder}/${name}`, 'utf8')) as SourceMap;
      map.sourcesContent = map.sourcesContent?.map((text, index) =>
        map.sources[index]?.includes('node_modules') ? null : text,
      );
      await writeFile(`${folder}/${name}`, JSON.stringify(map));
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
  plugins: [plainImports(), plainWorkerAddresses(), ownSourcesOnly()],
  // face-landmarks-detection imports a class that only its MediaPipe runtime uses; the engine runs the tfjs one.
  worker: { format: 'es', rolldownOptions: { checks: { importIsUndefined: false } } },
  build: {
    outDir: here('dist/browser'),
    emptyOutDir: true,
    sourcemap: true,
    target: 'es2023',
    // Browsers with light-dark(): the fallback for older ones has no colours in pages without a color-scheme.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    modulePreload: false,
    // Not Vite's library mode, which would inline the wasm into the script.
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { invigil: here('src/index.ts'), element: here('src/element.ts'), i18n: here('src/i18n.ts') },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});
