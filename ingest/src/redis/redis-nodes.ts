/** The nodes that `REDIS_URL` names, as URLs. One is a single Redis; several are nodes of one cluster. */
export type RedisNodes = readonly [string, ...string[]];

const protocols = ['redis:', 'rediss:'];

/**
 * Reads `REDIS_URL`: one URL, or several nodes separated by commas. A node without a scheme takes the scheme, user and password of the
 * first one.
 *
 * @returns null if it is not valid. A cluster has one scheme and only database 0.
 * @example redisNodes('redis://:secret@a:6379,b:6379') // ['redis://:secret@a:6379', 'redis://:secret@b:6379']
 */
export const redisNodes = (value: string): RedisNodes | null => {
  const [first = '', ...others] = value.split(',').map((node) => node.trim());
  if (!URL.canParse(first)) return null;
  const { protocol, username, password } = new URL(first);
  const secret = password === '' ? '' : `:${password}`;
  const login = username === '' && secret === '' ? '' : `${username}${secret}@`;
  const nodes: RedisNodes = [
    first,
    ...others.map((node) => (node.includes('://') ? node : `${protocol}//${login}${node}`)),
  ];
  const isNode = (node: string): boolean => {
    if (!URL.canParse(node)) return false;
    const url = new URL(node);
    if (!protocols.includes(url.protocol) || url.protocol !== protocol) return false;
    return nodes.length === 1 || (url.hostname !== '' && ['', '/', '/0'].includes(url.pathname));
  };
  return nodes.every(isNode) ? nodes : null;
};

/** The nodes of a value that the settings have accepted. */
export const acceptedRedisNodes = (value: string): RedisNodes => redisNodes(value) ?? [value];

export const isCluster = (nodes: RedisNodes): boolean => nodes.length > 1;
