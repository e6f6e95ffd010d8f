export { createApiClient } from './client/api-client.ts';
export type { ApiClient, ApiClientOptions, ApiToken } from './client/api-client.ts';
export type * from './client/api-types.ts';
