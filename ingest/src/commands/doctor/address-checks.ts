import * as v from 'valibot';
import { WebSocket } from 'ws';
import type { Config } from '../../config.ts';
import { loopbackHosts } from '../../config/cross-field-rules.ts';
import { tryListening, urlOf } from '../../http/listening.ts';
import { IngestError } from '../../model/ingest-error.ts';
import { fault, reasonOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { aheadOf } from './service-checks.ts';
import type { ServiceResult } from './service-checks.ts';

const deadlineMs = 5000;

const get = (url: string): Promise<Response> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(deadlineMs) });

const HealthSchema = v.object({
  parts: v.record(v.string(), v.string()),
  retention_stopped: v.optional(v.nullable(v.string()), null),
});

/** What an Invigil server at that address reports; null for any other server. */
const healthOf = async (response: Response): Promise<v.InferOutput<typeof HealthSchema> | null> => {
  const health = v.safeParse(HealthSchema, await response.json().catch(() => null));
  return health.success ? health.output : null;
};

const healthFindings = ({ parts, retention_stopped: stopped }: v.InferOutput<typeof HealthSchema>): Finding[] => [
  ...Object.entries(parts)
    .filter(([, state]) => state !== 'ok')
    .map(([part, state]) => fault(part, `the running server reports: ${state}`, 'see the other problems and its log')),
  ...(stopped === null
    ? []
    : [
        warning('clock', `expired data is not purged: ${stopped}`, 'check the clock, then run invigil --confirm-clock'),
      ]),
];

/** The port is free, or this server already listens there; then its health. */
export const checkPort = async (config: Config): Promise<Finding[]> => {
  try {
    await tryListening(config);
    return [];
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    const health = await get(`${urlOf(config.host, config.port)}/healthz`).then(healthOf, () => null);
    if (health !== null) return healthFindings(health);
    const [subject = ''] = error.message.split(' ', 1);
    return [fault(subject, error.message.slice(subject.length + 1), 'choose another address or port')];
  }
};

/** Whether a WebSocket opens through the public address. */
const opensWebSocket = (publicUrl: string): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${publicUrl.replace(/^http/, 'ws')}/api/v1/session/ws/doctor`, {
      handshakeTimeout: deadlineMs,
      origin: new URL(publicUrl).origin,
    });
    const answer = (problem: string | null): void => {
      socket.terminate();
      resolve(problem);
    };
    socket.once('open', () => answer(null));
    socket.once('unexpected-response', (_request, response) => answer(`status ${response.statusCode}`));
    socket.once('error', (error) => answer(reasonOf(error)));
  });

/** Checks the path through the proxies, if PUBLIC_URL is set. Needs a running server. */
export const checkPublicUrl = async (config: Config, now: () => number): Promise<ServiceResult> => {
  const { publicUrl } = config;
  if (publicUrl === null) return { findings: checkUnsetUrl(config), aheadMs: null };
  const { protocol, hostname } = new URL(publicUrl);
  const findings: Finding[] = [];
  if (protocol === 'http:' && !loopbackHosts.has(hostname)) {
    findings.push(fault('PUBLIC_URL', 'browsers allow the camera with https only', 'set up TLS and use https://…'));
  }
  try {
    const fromMs = now();
    const response = await get(`${publicUrl}/healthz`);
    const aheadMs = aheadOf(response.headers.get('date'), { fromMs, toMs: now() });
    if ((await healthOf(response)) === null) {
      const problem = `${publicUrl}/healthz does not reach this server (status ${response.status})`;
      return {
        findings: [...findings, fault('PUBLIC_URL', problem, 'start it, or correct the proxy’s target')],
        aheadMs,
      };
    }
    return { findings: [...findings, ...(await checkProxy(config, publicUrl))], aheadMs };
  } catch (error) {
    return { findings: [...findings, unreachableUrl(publicUrl, reasonOf(error))], aheadMs: null };
  }
};

const unreachableUrl = (publicUrl: string, reason: string): Finding =>
  reason === 'ECONNREFUSED'
    ? fault(
        'PUBLIC_URL',
        `cannot reach ${publicUrl}: ${reason} (is the server running?)`,
        'start the server and the proxy; if they run, check the address',
      )
    : fault('PUBLIC_URL', `cannot reach ${publicUrl}: ${reason}`, 'check DNS, TLS and the proxy');

const checkUnsetUrl = ({ host }: Config): Finding[] =>
  loopbackHosts.has(host)
    ? []
    : [
        warning(
          'PUBLIC_URL',
          'is not set, so the path through the proxy is not checked',
          'set it to the public address',
        ),
      ];

const checkProxy = async (config: Config, publicUrl: string): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const refusal = await opensWebSocket(publicUrl);
  if (refusal !== null) {
    const problem = `WebSockets do not get through the proxy (${refusal})`;
    findings.push(fault('PUBLIC_URL', problem, 'forward upgrades: deploy/proxies shows how for nginx and Caddy'));
  }
  const isDirect = Number(new URL(publicUrl).port) === config.port;
  if (!isDirect && config.trustedProxies.rules.length === 0) {
    const problem = 'is not set, so limits per address count all clients together as the proxy';
    findings.push(warning('TRUSTED_PROXIES', problem, 'list the proxy’s address'));
  }
  const metrics = await get(`${publicUrl}/metrics`);
  if (!isDirect && metrics.ok && (await metrics.text()).includes('invigil_')) {
    findings.push(warning('PUBLIC_URL', 'everybody can read /metrics', 'let the proxy refuse /metrics from outside'));
  }
  return findings;
};
