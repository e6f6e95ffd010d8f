import { frameScript } from './frame-script.ts';

/** KEYS: stream. ARGV: a nonce for a chain that begins now, the stream's life in seconds. Returns whether it existed, then its hash. */
const openStream = `
local known = redis.call('EXISTS', KEYS[1])
redis.call('HSETNX', KEYS[1], 'nonce', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, tostring(known))
return answer
`;

/** KEYS: stream. ARGV: the stream's life in seconds. */
const sealStream = `
redis.call('HSET', KEYS[1], 'sealed', '1')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return {}
`;

export const streamScripts = { openStream: frameScript(openStream), sealStream: frameScript(sealStream) };
