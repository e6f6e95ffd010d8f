import { readFileSync } from 'node:fs';

/** The version of this server, as its package.json states it. The same path from `src` and `dist`. */
export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
