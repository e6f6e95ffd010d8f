import type { Logger } from 'pino';
import { openRedisCluster } from '../redis/redis-cluster.ts';
import { openRedis } from '../redis/redis-client.ts';
import type { Redis } from '../redis/redis-client.ts';
import type { RedisNodes } from '../redis/redis-nodes.ts';
import { frameScripts } from './append-scripts.ts';
import { archiveScripts } from './archive-scripts.ts';
import { sealScripts } from './seal-scripts.ts';
import { streamScripts } from './stream-scripts.ts';

const scripts = { ...frameScripts, ...archiveScripts, ...sealScripts, ...streamScripts };

/** A connection with the scripts of the frame store. */
export const openFrameRedis = (url: string, log: Logger) => openRedis(url, scripts, log);

/** The same for a cluster. */
export const openFrameCluster = (nodes: RedisNodes, log: Logger) => openRedisCluster(nodes, scripts, log);

/** The server of one key: the commands that must not be redirected. */
export type FrameNode = Pick<
  ReturnType<typeof openFrameRedis>,
  'appendFrames' | 'appendNextFrame' | 'socketEpoch' | 'wait'
>;

export type FrameRedis = Redis<typeof scripts>;
