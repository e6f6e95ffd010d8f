import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export interface KernelSource {
  /** In `engine/kernels`. */
  source: string;
  /** The module that holds the compiled kernel, and the name under which it exports it. */
  module: string;
  constant: string;
}

const perceptionFolder = '../../engine/src/perception';

export const kernelSources: readonly KernelSource[] = [
  {
    source: 'int16-convolution.ts',
    module: path(`${perceptionFolder}/models/int16/int16-kernel-code.ts`),
    constant: 'int16KernelCode',
  },
  {
    source: 'depthwise-convolution.ts',
    module: path(`${perceptionFolder}/models/depthwise/depthwise-kernel-code.ts`),
    constant: 'depthwiseKernelCode',
  },
  {
    source: 'image-pyramid.ts',
    module: path(`${perceptionFolder}/image/image-pyramid-code.ts`),
    constant: 'pyramidKernelCode',
  },
];

// The memory is the backend's, or the engine's: a kernel brings neither memory nor data nor a runtime of its own.
const flags = ['-O3', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--enable', 'simd', '--use', 'abort='];

/** Compiles a kernel's AssemblyScript source. @returns the text of its module. */
export const compiledKernel = async (kernel: KernelSource): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-kernel-'));
  const output = join(folder, 'kernel.wasm');
  try {
    await promisify(execFile)(process.execPath, [
      path('../../node_modules/assemblyscript/bin/asc.js'),
      path(`../../engine/kernels/${kernel.source}`),
      '--outFile',
      output,
      ...flags,
    ]);
    return moduleText(kernel, await readFile(output));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const moduleText = ({ source, constant }: KernelSource, wasm: Buffer): string =>
  [
    `/** Compiled from \`engine/kernels/${source}\` by \`npm run kernels\`; WebAssembly in base64. */`,
    `export const ${constant} =`,
    `  '${wasm.toString('base64')}';`,
    '',
  ].join('\n');
