import { Router, urlencoded } from 'express';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import { LaunchRefusal } from '../../lti/launch-refusal.ts';
import type { Launches } from '../../lti/launches.ts';
import { languageOf } from '../middleware/plain-page.ts';
import { noStore } from '../middleware/no-store.ts';
import type { StaffCookies } from '../sign-in/staff-cookies.ts';
import { newWindowPage, refusalPage } from './lti-pages.ts';

export interface LtiRouterOptions {
  launches: Launches;
  cookies: StaffCookies;
  log: Logger;
}

/** Ample even for launches with many custom parameters. */
const maxBodyBytes = '64kb';

type Fields = Readonly<Record<string, unknown>>;

const textOf = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
};

/** `/lti`: login requests and launches of learning platforms. Their pages send these across sites. */
export const ltiRouter = ({ launches, cookies, log }: LtiRouterOptions): Router => {
  const router = Router();
  const form = urlencoded({ extended: false, limit: maxBodyBytes });
  router.use(noStore);

  const login = async (request: Request, response: Response, fields: Fields): Promise<void> => {
    if (request.headers['sec-fetch-dest'] === 'iframe') return askForWindow(request, response, fields);
    const { url, state } = await launches.begin({
      issuer: textOf(fields, 'iss') ?? '',
      clientId: textOf(fields, 'client_id'),
      loginHint: textOf(fields, 'login_hint') ?? '',
      messageHint: textOf(fields, 'lti_message_hint'),
      targetLinkUri: textOf(fields, 'target_link_uri') ?? '',
    });
    cookies.setLaunch(response, state);
    response.redirect(url);
  };
  router.get('/login', (request, response) => login(request, response, request.query));
  router.post('/login', form, (request, response) => login(request, response, (request.body ?? {}) as Fields));

  router.post('/launch', form, async (request, response) => {
    const { state, id_token: idToken, error } = (request.body ?? {}) as Fields;
    if (error !== undefined) throw new LaunchRefusal('platform_error');
    const { path, staff } = await launches.finish(state, cookies.launch(request), idToken);
    cookies.clearLaunch(response);
    if (staff !== null) cookies.setSession(response, staff.cookie, staff.expiresAtMs);
    log.info({ event: 'lti.launched', role: staff === null ? 'STUDENT' : 'TEACHER' });
    response.redirect(303, path);
  });

  router.use(answerRefusals(log));
  return router;
};

const answerRefusals =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (!(error instanceof LaunchRefusal)) return next(error);
    log.warn({ event: 'lti.refused', reason: error.reason });
    response
      .status(403)
      .type('html')
      .send(refusalPage(error.reason, languageOf(request)));
  };

/** The only page that other sites may frame. It contains a single link, which opens a new window. */
const askForWindow = (request: Request, response: Response, fields: Fields): void => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') query.set(name, value);
  response.removeHeader('X-Frame-Options');
  response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *");
  response.type('html').send(newWindowPage(`/lti/login?${query.toString()}`, languageOf(request)));
};
