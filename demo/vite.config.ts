import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import type { Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * uPlot formats numbers in `navigator.language` and throws while it is loaded if that is no valid language tag, which leaves the page
 * blank. The browser's default locale is the same language, and always valid.
 */
const plotInDefaultLocale = (): Plugin => ({
  name: 'plot-in-default-locale',
  transform(code, id) {
    if (!/uplot[\\/]dist[\\/]uPlot\.esm\.js/.test(id)) return null;
    const changed = code.replace("Intl.NumberFormat(domEnv ? nav.language : 'en-US')", 'Intl.NumberFormat()');
    if (changed === code) throw new Error('uPlot no longer reads navigator.language: remove plot-in-default-locale');
    return { code: changed, map: null };
  },
});

/** The server that the development server (`npx vite` in this folder) talks to. */
const serverUrl = process.env['INVIGIL_SERVER'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: here('.'),
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [plotInDefaultLocale()],
  // Engine and protocol come from their sources, so that one build makes everything, their worker included.
  resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
  // face-landmarks-detection imports a class that only its MediaPipe runtime uses; the engine runs the tfjs one.
  worker: { format: 'es', rolldownOptions: { checks: { importIsUndefined: false } } },
  build: {
    outDir: here('dist/site'),
    emptyOutDir: true,
    target: 'es2023',
    // Browsers that support light-dark(): compiled for older ones, it gives no colours in pages without a
    // colour-scheme.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Pages run under a Content-Security-Policy without data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: [
        'index.html',
        'camera/index.html',
        'check/index.html',
        'exam/index.html',
        'proctor/index.html',
        'report/index.html',
        'review/index.html',
        'setup/index.html',
      ].map(here),
    },
  },
  server: {
    proxy: {
      '/api': { target: serverUrl, ws: true },
      '/models': serverUrl,
      '/healthz': serverUrl,
      '/ws': { target: serverUrl, ws: true },
    },
  },
});
