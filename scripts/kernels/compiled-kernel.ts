import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The module that holds the compiled kernel. */
export const kernelModule = path('../../engine/src/perception/models/int16/int16-kernel-code.ts');

// The memory is the backend's: the kernel brings neither memory nor data nor a runtime of its own.
const flags = ['-O3', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--enable', 'simd', '--use', 'abort='];

/** Compiles the kernel's AssemblyScript source. @returns the text of its module. */
export const compiledKernel = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-kernel-'));
  const output = join(folder, 'kernel.wasm');
  try {
    await promisify(execFile)(process.execPath, [
      path('../../node_modules/assemblyscript/bin/asc.js'),
      path('../../engine/kernels/int16-convolution.ts'),
      '--outFile',
      output,
      ...flags,
    ]);
    return moduleText(await readFile(output));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const moduleText = (wasm: Buffer): string =>
  [
    '/** Compiled from `engine/kernels/int16-convolution.ts` by `npm run kernels`; WebAssembly in base64. */',
    'export const int16KernelCode =',
    `  '${wasm.toString('base64')}';`,
    '',
  ].join('\n');
