export { ApiProblem, createApiClient } from './api-client.ts';
export type { ApiClient, ApiClientOptions, Fetch } from './api-client.ts';
export type * from './api-types.ts';
