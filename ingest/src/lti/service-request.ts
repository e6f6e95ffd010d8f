export type ServiceProblem =
  /** Not an address of the platform. */
  | 'not_of_platform'
  /** No answer within the limit, or the connection failed. */
  | 'unreachable'
  | 'too_large'
  /** Not what the specification says. */
  | 'invalid'
  /** A status other than 2xx. */
  | 'refused';

/** A request to a platform's service that did not work. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly problem: ServiceProblem;
  readonly status: number | null;

  constructor(problem: ServiceProblem, status: number | null = null, cause?: unknown) {
    super(
      `the platform's service: ${problem}${status === null ? '' : ` (status ${status})`}`,
      cause === undefined ? undefined : { cause },
    );
    this.problem = problem;
    this.status = status;
  }
}

const timeoutMs = 10_000;
const maxBytes = 2_000_000;

export interface ServiceRequest {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
}

export interface ServiceAnswer {
  json: unknown;
  headers: Headers;
}

/**
 * Sends a request and reads its JSON, within ten seconds and two megabytes. Redirects are not followed: they would lead away from the
 * platform's registered addresses. The caller checks the address. @throws ServiceError
 */
export const requestService = async (url: string, request: ServiceRequest): Promise<ServiceAnswer> => {
  let response: Response;
  let text: string | null;
  try {
    response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    text = await readWithin(response);
  } catch (error) {
    throw new ServiceError('unreachable', null, error);
  }
  if (!response.ok) throw new ServiceError('refused', response.status);
  if (text === null) throw new ServiceError('too_large');
  try {
    return { json: text === '' ? null : JSON.parse(text), headers: response.headers };
  } catch (error) {
    throw new ServiceError('invalid', null, error);
  }
};

/** Null if the body is larger than allowed. */
const readWithin = async (response: Response): Promise<string | null> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};
