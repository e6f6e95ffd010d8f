import { defineConfig } from 'vite';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  // The engine loads its worker and WebAssembly relative to its own files, which pre-bundling would move.
  optimizeDeps: { exclude: ['@invigil/engine'] },
  worker: { format: 'es' },
  // The policy allows no `data:` addresses.
  build: { outDir: 'dist/site', target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 2500 },
  server: { proxy: { '/exam': 'http://127.0.0.1:8080', '/settings.json': 'http://127.0.0.1:8080' } },
});
