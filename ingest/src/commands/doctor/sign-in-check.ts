import * as v from 'valibot';
import { fault } from './finding.ts';
import type { Finding } from './finding.ts';
import { aheadOf, unreachable } from './service-checks.ts';
import type { ServiceResult } from './service-checks.ts';

const deadlineMs = 3000;

const DiscoverySchema = v.object({
  issuer: v.string(),
  authorization_endpoint: v.string(),
  token_endpoint: v.string(),
  jwks_uri: v.string(),
});

/** The OpenID provider describes itself, under the configured name. */
export const checkIssuer = async (issuer: string, now: () => number): Promise<ServiceResult> => {
  const subject = 'OIDC_ISSUER';
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const fromMs = now();
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) });
    const aheadMs = aheadOf(response.headers.get('date'), { fromMs, toMs: now() });
    const discovery = v.safeParse(DiscoverySchema, await response.json().catch(() => null));
    const findings: Finding[] = [];
    if (!response.ok || !discovery.success) {
      findings.push(
        fault(subject, `${url} is not a valid OpenID discovery document`, 'use the issuer that your provider states'),
      );
    } else if (discovery.output.issuer !== issuer) {
      const problem = `the provider’s issuer is ${discovery.output.issuer}`;
      findings.push(fault(subject, problem, 'set OIDC_ISSUER to exactly this value'));
    }
    return { findings, aheadMs };
  } catch (error) {
    return unreachable(subject, issuer, error);
  }
};
