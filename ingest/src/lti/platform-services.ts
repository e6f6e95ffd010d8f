import type { LtiPlatform } from '../model/lti-platform.ts';
import type { AccessTokens } from './access-tokens.ts';
import { isPlatformUrl } from './platform-urls.ts';
import { ServiceError, requestService } from './service-request.ts';
import type { ServiceAnswer, ServiceRequest } from './service-request.ts';

/** Requests to the services of registered platforms, and to no other address. */
export class PlatformServices {
  readonly #tokens: AccessTokens;

  constructor(tokens: AccessTokens) {
    this.#tokens = tokens;
  }

  /** Authorises the request by `scope`. Asks for a new token once if the platform refuses the known one. @throws ServiceError */
  async request(platform: LtiPlatform, scope: string, url: string, request: ServiceRequest): Promise<ServiceAnswer> {
    if (!isPlatformUrl(platform, url)) throw new ServiceError('not_of_platform');
    const send = async (): Promise<ServiceAnswer> => {
      const token = await this.#tokens.token(platform, scope);
      return requestService(url, { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } });
    };
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 401) throw error;
      this.#tokens.forget(platform, scope);
      return await send();
    }
  }
}
