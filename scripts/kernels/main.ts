/** Compiles the engine's own WebAssembly kernel. */
import { writeFile } from 'node:fs/promises';
import { compiledKernel, kernelModule } from './compiled-kernel.ts';

await writeFile(kernelModule, await compiledKernel());
