import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { AddressNotPublic, isPublicAddress, publicLookup } from './public-address.ts';

export interface WebhookPost {
  url: string;
  body: string;
  headers: Record<string, string>;
  /** Whether the address must be public, because it was not configured by the operator. */
  isPublicOnly: boolean;
}

/** `status` is null if there was no answer. Redirects are not followed: they would bypass the address check. */
export interface WebhookAnswer {
  status: number | null;
  error: string | null;
}

const timeoutMs = 10_000;

const failed = (error: string): WebhookAnswer => ({ status: null, error });

/** Why there was no answer, as a code that contains no address. */
const reasonOf = (error: Error): string => {
  if (error instanceof AddressNotPublic) return 'address_not_public';
  return 'code' in error && typeof error.code === 'string' ? error.code.toLowerCase() : 'no_answer';
};

/** Posts once. Never rejects. */
export const postWebhook = ({ url, body, headers, isPublicOnly }: WebhookPost): Promise<WebhookAnswer> => {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  // An IP address in the URL needs no lookup, so `lookup` would never check it.
  if (isPublicOnly && isIP(host) !== 0 && !isPublicAddress(host)) return Promise.resolve(failed('address_not_public'));
  return new Promise((resolve) => {
    const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'invigil',
        ...headers,
      },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(isPublicOnly ? { lookup: publicLookup } : {}),
    });
    request.on('error', (error) => resolve(failed(reasonOf(error))));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      // The response body is not needed; not reading it also bounds it.
      response.destroy();
      resolve({ status, error: status >= 200 && status < 300 ? null : `status_${status}` });
    });
    request.end(body);
  });
};
