import { decodeJwt } from 'jose';
import { Router } from 'express';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Arrival, Arrivals } from '../../lti/arrivals.ts';
import { claim } from '../../lti/claim-names.ts';
import { LaunchRefusal } from '../../lti/launch-refusal.ts';
import type { BrowserProof, Launches } from '../../lti/launches.ts';
import type { AddressLimits } from '../middleware/address-limits.ts';
import { languageOf } from '../middleware/plain-page.ts';
import { readForm } from '../middleware/read-form.ts';
import { noStore } from '../middleware/no-store.ts';
import type { StaffCookies } from '../sign-in/staff-cookies.ts';
import { choicePage } from './choice-page.ts';
import { fieldsOf, textOf } from './form-fields.ts';
import type { Fields } from './form-fields.ts';
import { endedPage, newWindowPage, refusalPage } from './lti-pages.ts';
import { isFromOwnPage } from './own-page.ts';
import { newNonce, setFramePolicy } from './posted-form.ts';
import { sendReadingPage, sendStoringPage } from './storage-pages.ts';

export interface LtiRouterOptions {
  launches: Launches;
  arrivals: Arrivals;
  cookies: StaffCookies;
  /** The server's own web origin. */
  origin: string;
  /** Further routes: registration, deep linking, assessments. */
  routes: readonly Router[];
  limits: Pick<AddressLimits, 'answerRefused' | 'countForm' | 'countLaunch'>;
  log: Logger;
}

const isFramed = (request: Request): boolean => request.headers['sec-fetch-dest'] === 'iframe';

/** `/lti`: login requests and launches of learning platforms. Their pages send these across sites. */
export const ltiRouter = (options: LtiRouterOptions): Router => {
  const { launches, arrivals, cookies, origin, routes, limits, log } = options;
  const router = Router();
  router.use(noStore);

  router.get('/login', (request, response) => login(options, request, response, request.query));
  router.post('/login', readForm(limits), (request, response) => login(options, request, response, fieldsOf(request)));

  router.post('/launch', readForm(limits), async (request, response) => {
    const fields = fieldsOf(request);
    const { state, id_token: idToken, error } = fields;
    if (error !== undefined) throw new LaunchRefusal('platform_error');
    const browser = browserOf(
      request,
      fields,
      typeof state === 'string' ? cookies.launch(request, state) : null,
      origin,
    );
    if (browser.kind === 'cookie' && browser.state === null) {
      const platformOrigin = await launches.storageOrigin(state);
      if (platformOrigin !== null) return readProof(request, response, fields, platformOrigin);
    }
    const arrival = await arrivals.of(await launches.finish(state, browser, idToken));
    if (browser.kind === 'cookie' && browser.state !== null) cookies.clearLaunch(response, browser.state);
    log.info({ event: 'lti.launched', kind: arrival.kind });
    send(request, response, arrival, cookies);
  });

  for (const each of routes) router.use(each);
  router.use(answerRefusals(options));
  return router;
};

const login = async (
  { launches, cookies, limits }: LtiRouterOptions,
  request: Request,
  response: Response,
  fields: Fields,
): Promise<void> => {
  const target = textOf(fields, 'lti_storage_target');
  if (isFramed(request) && target === null) return askForWindow(request, response, fields);
  limits.countLaunch(request);
  const { url, state, proof } = await launches.begin({
    issuer: textOf(fields, 'iss') ?? '',
    clientId: textOf(fields, 'client_id'),
    loginHint: textOf(fields, 'login_hint') ?? '',
    messageHint: textOf(fields, 'lti_message_hint'),
    targetLinkUri: textOf(fields, 'target_link_uri') ?? '',
    usesPlatformStorage: isFramed(request),
  });
  if (proof !== null && target !== null) {
    const place = { target, origin: new URL(url).origin };
    const loginPath = loginPathOf(fields);
    return sendStoringPage(response, place, { state, proof, url, loginPath }, languageOf(request));
  }
  cookies.setLaunch(response, state);
  response.redirect(url);
};

/** A proof counts only from the server's own page: another site could bring an attacker's launch with its proof. */
const browserOf = (request: Request, fields: Fields, state: string | null, origin: string): BrowserProof => {
  const proof = textOf(fields, 'proof');
  if (proof === null) return { kind: 'cookie', state };
  if (!isFromOwnPage(request, origin)) throw new LaunchRefusal('browser');
  return { kind: 'storage', proof };
};

const readProof = (request: Request, response: Response, fields: Fields, origin: string): void => {
  const [state, idToken] = [textOf(fields, 'state') ?? '', textOf(fields, 'id_token')];
  if (idToken === null) throw new LaunchRefusal('token');
  const target = textOf(fields, 'lti_storage_target') ?? '_parent';
  const content = { state, idToken, isForFrame: isDeepLinking(idToken) };
  sendReadingPage(response, { target, origin }, content, languageOf(request));
};

/** Only decides in which window the launch goes on; it is verified there. */
const isDeepLinking = (idToken: string): boolean => {
  try {
    return decodeJwt(idToken)[claim('message_type')] === 'LtiDeepLinkingRequest';
  } catch {
    return false;
  }
};

const send = (request: Request, response: Response, arrival: Arrival, cookies: StaffCookies): void => {
  switch (arrival.kind) {
    case 'teacher':
      cookies.setSession(response, arrival.session.cookie, arrival.session.expiresAtMs);
      return response.redirect(303, arrival.path);
    case 'student':
      return response.redirect(303, arrival.path);
    case 'choice':
      setFramePolicy(response, { scriptNonce: newNonce(), formTargets: ["'self'"], frames: [arrival.platformOrigin] });
      response.type('html').send(choicePage(arrival.choice, languageOf(request)));
      return;
    case 'ended':
      response.type('html').send(endedPage(languageOf(request)));
  }
};

const answerRefusals =
  ({ limits, log }: LtiRouterOptions): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (!(error instanceof LaunchRefusal)) return next(error);
    log.warn({ event: 'lti.refused', reason: error.reason });
    const page = refusalPage(error.reason, languageOf(request));
    limits.answerRefused(request, () => void response.status(403).type('html').send(page));
  };

const loginPathOf = (fields: Fields): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && name !== 'lti_storage_target') query.set(name, value);
  }
  return `/lti/login?${query.toString()}`;
};

/** Other sites may frame this page. It contains a single link, which opens a new window. */
const askForWindow = (request: Request, response: Response, fields: Fields): void => {
  response.removeHeader('X-Frame-Options');
  response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *");
  response.type('html').send(newWindowPage(loginPathOf(fields), languageOf(request)));
};
