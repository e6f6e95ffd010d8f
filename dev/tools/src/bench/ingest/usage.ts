/** What the services have used so far; `redisBytes`: what Redis holds now. */
export interface Usage {
  /** `performance.now()`. */
  atMs: number;
  serverMs: number;
  redisMs: number;
  postgresMs: number;
  redisInBytes: number;
  redisOutBytes: number;
  redisBytes: number;
}

/** Between two readings. */
export interface Rates {
  serverCores: number;
  redisCores: number;
  postgresCores: number;
  redisInBytesPerS: number;
  redisOutBytesPerS: number;
}

export const ratesBetween = (from: Usage, to: Usage): Rates => {
  const ms = to.atMs - from.atMs;
  return {
    serverCores: (to.serverMs - from.serverMs) / ms,
    redisCores: (to.redisMs - from.redisMs) / ms,
    postgresCores: (to.postgresMs - from.postgresMs) / ms,
    redisInBytesPerS: ((to.redisInBytes - from.redisInBytes) * 1000) / ms,
    redisOutBytesPerS: ((to.redisOutBytes - from.redisOutBytes) * 1000) / ms,
  };
};
