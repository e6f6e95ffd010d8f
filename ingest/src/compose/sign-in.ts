import type { AuthConfig, SignInConfig } from '../config.ts';
import { demandSignIn } from '../http/sign-in/demand-sign-in.ts';
import { signInRouter } from '../http/sign-in/sign-in-router.ts';
import { StaffCookies } from '../http/sign-in/staff-cookies.ts';
import { StaffSessionRecords } from '../records/staff-session-records.ts';
import { Provider } from '../sign-in/provider.ts';
import { StaffSessions } from '../sign-in/staff-sessions.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';

/** Sessions of staff; null unless AUTH=oidc. */
export const openStaffSessions = (
  { config: { auth }, database, bus, log, now }: Infrastructure,
  secret: () => Promise<Uint8Array>,
): StaffSessions | null => {
  if (auth.mode !== 'oidc') return null;
  const records = new StaffSessionRecords(database);
  return new StaffSessions({ records, bus, secret, lifetimeSeconds: auth.signIn.lifetimeSeconds, log, now });
};

export const staffCookies = ({ redirectUrl }: SignInConfig): StaffCookies =>
  new StaffCookies(new URL(redirectUrl).protocol === 'https:');

/** The routes of staff sign-in. */
export const composeSignIn = (
  { outages, log, now }: Infrastructure,
  { signIn }: Extract<AuthConfig, { mode: 'oidc' }>,
  sessions: StaffSessions,
  secret: () => Promise<Uint8Array>,
): ServerPart => {
  const { origin } = new URL(signIn.redirectUrl);
  const cookies = staffCookies(signIn);
  const provider = new Provider(signIn, (error) => outages.warn({ event: 'sign_in.failed', error }));
  return {
    channels: [],
    mount(app, limits) {
      app.use(
        '/auth',
        signInRouter({ provider, sessions, cookies, mapping: signIn.mapping, secret, origin, limits, log, now }),
      );
      app.use(demandSignIn(sessions, cookies));
    },
  };
};
