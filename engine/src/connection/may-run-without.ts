import { withDeadline } from '../timing/deadline.ts';
import { fallbackHeaders } from './http-transport.ts';
import { askToken } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

export interface SessionAddress {
  serverUrl: string;
  sessionId: string;
  token?: TokenSource;
}

/** What the exam's policy lets a session run without. */
export type MayRunWithout = Record<'camera' | 'image_analysis' | 'storage' | 'lock', boolean>;

const answerTimeoutMs = 5000;

const isMayRunWithout = (value: unknown): value is MayRunWithout =>
  typeof value === 'object' &&
  value !== null &&
  (['camera', 'image_analysis', 'storage', 'lock'] as const).every(
    (part) => typeof (value as Partial<MayRunWithout>)[part] === 'boolean',
  );

const askServer = async ({ serverUrl, sessionId, token }: SessionAddress): Promise<MayRunWithout | null> => {
  const response = await fetch(`${serverUrl}/api/v1/session/${encodeURIComponent(sessionId)}`, {
    headers: fallbackHeaders(await askToken(token)),
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  if (!response.ok) return null;
  const session: unknown = await response.json();
  // Portals and filters also answer with status 200.
  if (typeof session !== 'object' || session === null || !('session_id' in session)) return null;
  if (session.session_id !== sessionId || !('may_run_without' in session)) return null;
  return isMayRunWithout(session.may_run_without) ? session.may_run_without : null;
};

/** Asks the server, when something is missing. @returns null if the server does not answer. */
export const mayRunWithout = (address: SessionAddress): Promise<MayRunWithout | null> =>
  withDeadline('the exam’s policy', answerTimeoutMs, askServer(address)).catch(() => null);
