import { patternOf } from './allowed-methods.ts';
import { parametersOf } from './operation.ts';
import type { Operation } from './operation.ts';

/**
 * Finds the described path of a request, such as `/api/v1/session/{session_id}/end`; of several, the one with the fewest parameters.
 *
 * @returns null for a path without an operation, and for a method that it does not have
 */
export const routeOf = (operations: readonly Operation[]): ((method: string, path: string) => string | null) => {
  const routes = operations
    .map(({ method, path }) => ({ method: method.toUpperCase(), path, pattern: patternOf(path) }))
    .toSorted((one, other) => parametersOf(one.path).length - parametersOf(other.path).length);
  return (method, path) => {
    const asked = method === 'HEAD' ? 'GET' : method;
    return routes.find((route) => route.method === asked && route.pattern.test(path))?.path ?? null;
  };
};
