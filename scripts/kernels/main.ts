/** Compiles the engine's own WebAssembly kernels. */
import { writeFile } from 'node:fs/promises';
import { compiledKernel, kernelSources } from './compiled-kernel.ts';

for (const kernel of kernelSources) await writeFile(kernel.module, await compiledKernel(kernel));
