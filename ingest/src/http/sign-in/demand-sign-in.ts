import type { RequestHandler } from 'express';
import type { StaffSessions } from '../../sign-in/staff-sessions.ts';
import type { StaffCookies } from './staff-cookies.ts';

const staffPages = new Set(['/proctor', '/review', '/setup']);

/** Whether the page is for staff only. Students open their own reports at the same address as staff. */
const isForStaff = (path: string, viewer: unknown): boolean =>
  staffPages.has(path.replace(/\/$/, '')) || (path.replace(/\/$/, '') === '/report' && viewer === 'staff');

/** Sends a browser that opens a page for staff to the provider, unless somebody is signed in. */
export const demandSignIn =
  (sessions: Pick<StaffSessions, 'find'>, cookies: StaffCookies): RequestHandler =>
  async (request, response, next) => {
    if (request.method !== 'GET' || !isForStaff(request.path, request.query['as'])) return next();
    const cookie = cookies.session(request);
    // If the records are unavailable, load the page; it shows the error.
    const session = cookie === null ? null : await sessions.find(cookie).catch(() => 'unknown' as const);
    if (session !== null) return next();
    response.set('Cache-Control', 'no-store');
    // With a fragment of its own, so that the browser does not take a token in the page's fragment along to the provider.
    response.redirect(`/auth/sign-in?return_to=${encodeURIComponent(request.originalUrl)}#`);
  };
