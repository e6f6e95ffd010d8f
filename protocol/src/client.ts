export { ApiProblem, createApiClient } from './client/api-client.ts';
export type { ApiClient, ApiClientOptions, Fetch } from './client/api-client.ts';
export type * from './client/api-types.ts';
