import { defineConfig } from 'rolldown';
import type { Plugin } from 'rolldown';

/** The wrapper imports the element's module, which stays one file that pages without React load too. */
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
