import type { Operation } from './operation.ts';

/** `{name}` stands for one path segment. */
export const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split(/\{\w+\}/)
      .map((part) => part.replaceAll(/[.*+?^$()[\]\\|]/g, '\\$&'))
      .join('[^/]+')}/?$`,
  );

/**
 * Finds the methods of a path in the described operations: `GET, HEAD` for `/healthz`, empty for an unknown path.
 * @returns a function of the request's path, without its query
 */
export const allowedMethods = (operations: readonly Operation[]): ((path: string) => string[]) => {
  const byPath = new Map<string, Set<string>>();
  for (const { path, method } of operations) {
    const methods = byPath.get(path) ?? new Set();
    byPath.set(path, methods.add(method.toUpperCase()));
    if (method === 'get') methods.add('HEAD');
  }
  const patterns = [...byPath].map(([path, methods]) => ({ pattern: patternOf(path), methods }));
  return (path) => [
    ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods])),
  ];
};
