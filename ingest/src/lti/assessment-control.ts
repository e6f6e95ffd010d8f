import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { LtiAttempt } from '../model/lti-platform.ts';
import type { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import { scopes } from './claim-names.ts';
import type { PlatformServices } from './platform-services.ts';
import { ServiceError } from './service-request.ts';

/** An action on a running attempt (Proctoring Services 1.0, Assessment Control Service). */
export interface ControlAction {
  action: 'pause' | 'resume' | 'terminate' | 'update' | 'flag';
  /** ISO 8601. */
  incidentTime: string;
  /** 0–1. */
  severity: number;
  /** Short and stable, for machines. */
  reasonCode: string;
  extraTimeMinutes?: number;
}

export interface AssessmentControlOptions {
  attempts: Pick<LtiAttemptRecords, 'current'>;
  platforms: Pick<LtiRecords, 'byId'>;
  services: PlatformServices;
  log: Logger;
  /** Before each further try. */
  retryAfterMs?: readonly number[];
}

const mediaType = 'application/vnd.ims.lti-ap.v1.control+json';
const defaultRetryAfterMs = [1000, 5000, 30_000];
const maxPending = 1000;

/** Sends what happens here to the platform that runs the assessment, if it accepts the action. */
export class AssessmentControl {
  readonly #options: AssessmentControlOptions;
  readonly #pending = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: AssessmentControlOptions) {
    this.#options = options;
  }

  /** For the student's current attempt, in the background. A failure is logged. */
  send(examId: string | null, studentId: string | null, action: ControlAction): void {
    if (examId !== null && studentId !== null) this.attempt(() => this.#send(examId, studentId, action));
  }

  /** Does the work in the background, if not too much is pending. A failure is logged. */
  attempt(work: () => Promise<void>): void {
    const { log } = this.#options;
    if (this.#pending.size >= maxPending) return log.warn({ event: 'lti.control_dropped' });
    const pending = work()
      .catch((error: unknown) => log.warn({ event: 'lti.control_failed', error }))
      .finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  /** Waits for requests in progress, but not for further tries. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#pending);
  }

  async #send(examId: string, studentId: string, action: ControlAction): Promise<void> {
    const { attempts, log, retryAfterMs = defaultRetryAfterMs } = this.#options;
    const attempt = await attempts.current(examId, studentId);
    if (attempt === null || attempt.controlUrl === null || !attempt.controlActions.includes(action.action)) return;
    for (let tries = 0; ; tries++) {
      try {
        const status = await this.#post(attempt, attempt.controlUrl, action);
        log.info({ event: 'lti.control_sent', action: action.action, status });
        return;
      } catch (error) {
        const waitMs = retryAfterMs[tries];
        if (waitMs === undefined || !(error instanceof ServiceError) || !isTemporary(error)) throw error;
        await delay(waitMs, undefined, { signal: this.#closing.signal });
      }
    }
  }

  /** @returns the state of the assessment, as the platform names it */
  async #post(attempt: LtiAttempt, url: string, action: ControlAction): Promise<string | null> {
    const { platforms, services } = this.#options;
    const platform = await platforms.byId(attempt.platformId);
    if (platform === null) return null;
    const { json } = await services.request(platform, scopes.control, url, {
      method: 'POST',
      headers: { 'Content-Type': mediaType, Accept: mediaType },
      body: JSON.stringify({
        user: { iss: platform.issuer, sub: attempt.subject },
        resource_link: { id: attempt.resourceLinkId },
        attempt_number: attempt.attemptNumber,
        action: action.action,
        ...(action.extraTimeMinutes === undefined ? {} : { extra_time: action.extraTimeMinutes }),
        incident_time: action.incidentTime,
        incident_severity: action.severity.toFixed(1),
        reason_code: action.reasonCode,
      }),
    });
    const status = typeof json === 'object' && json !== null && 'status' in json ? json.status : null;
    return typeof status === 'string' ? status : null;
  }
}

const isTemporary = ({ problem, status }: ServiceError): boolean =>
  problem === 'unreachable' || (status !== null && (status >= 500 || status === 429));
