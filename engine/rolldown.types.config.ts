import { defineConfig } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/** One declaration file for each entry point, beside its module, without the types of bundled dependencies. */
export default defineConfig({
  input: {
    invigil: 'dist/types/index.d.ts',
    element: 'dist/types/element.d.ts',
    i18n: 'dist/types/i18n.d.ts',
    react: 'dist/types/react.d.ts',
  },
  external: [/^@invigil\/protocol/, 'react'],
  plugins: [dts({ dtsInput: true })],
  output: { dir: 'dist/declarations', chunkFileNames: '[name].d.ts' },
});
