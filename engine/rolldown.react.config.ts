import { defineConfig } from 'rolldown';
import type { Plugin } from 'rolldown';

/** The wrapper imports the element's module, which remains one file, so that pages without React can load it too. */
const elementStaysApart = (): Plugin => ({
  name: 'element-stays-apart',
  resolveId: (source) => (source === '../element.ts' ? { id: './element.js', external: 'relative' } : null),
});

/** Runs after Vite's build, which empties the folder. */
export default defineConfig({
  input: { react: 'src/react.ts' },
  external: ['react', 'react/jsx-runtime'],
  plugins: [elementStaysApart()],
  output: {
    dir: 'dist/browser',
    sourcemap: true,
    // Frameworks with server components need to know that the wrapper has effects.
    banner: "'use client';",
  },
});
