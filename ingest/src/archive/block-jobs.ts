import { asJob } from '../threads/job-answer.ts';
import { decodeBlock, encodeBlock } from './block-codec.ts';
import type { Block, ReadBlock } from './block-codec.ts';

// A thread loads this file (`block-threads.ts`).

export const encode = asJob(async (block: Block): Promise<Uint8Array> => encodeBlock(block));
export const decode = asJob(async (body: Uint8Array): Promise<ReadBlock> => decodeBlock(body));
