export const connectTimeoutMs = 3000;
const maxReconnectDelayMs = 2000;

/** Milliseconds before the next attempt. Connections try again for as long as the process runs. */
export const reconnectStrategy = (retries: number): number => Math.min(50 * 2 ** retries, maxReconnectDelayMs);
