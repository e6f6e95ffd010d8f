import type { Request } from 'express';
import type { Config } from '../config.ts';
import type { PolicyOf } from '../exams/exam-policies.ts';
import { BrowserGuard } from '../http/middleware/safe-exam-browser.ts';

/** `https://…` of this server, as the client reaches it. */
export const originOf = ({ publicUrl, host, port }: Config, request: Request): string =>
  publicUrl ?? `http://${request.headers.host ?? `${host}:${port}`}`;

export const composeBrowserGuard = (config: Config, policyOf: PolicyOf): BrowserGuard =>
  new BrowserGuard({
    policyOf,
    originOf: (request) => originOf(config, request),
    pageOrigins: config.allowedOrigins,
  });
