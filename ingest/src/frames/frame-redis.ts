import type { Logger } from 'pino';
import { openRedis } from '../redis/redis-client.ts';
import { frameScripts } from './append-scripts.ts';
import { archiveScripts } from './archive-scripts.ts';

/** A connection with the scripts of the frame store. */
export const openFrameRedis = (url: string, log: Logger) => openRedis(url, { ...frameScripts, ...archiveScripts }, log);

export type FrameRedis = ReturnType<typeof openFrameRedis>;
