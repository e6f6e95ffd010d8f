import { Router } from 'express';
import type { Request } from 'express';
import type { Logger } from 'pino';
import type { Registration } from '../../lti/registration.ts';
import { languageOf, pageOf } from '../middleware/plain-page.ts';
import { newNonce, setFramePolicy } from './posted-form.ts';

const texts = {
  en: {
    title: 'Invigil is registered',
    done: 'You can close this window.',
    deployment: 'The platform named no deployment. Add it with: invigil lti add.',
  },
  de: {
    title: 'Invigil ist registriert',
    done: 'Sie können dieses Fenster schließen.',
    deployment: 'Die Plattform hat kein Deployment genannt. Ergänzen Sie es mit: invigil lti add.',
  },
  es: {
    title: 'Invigil está registrado',
    done: 'Puede cerrar esta ventana.',
    deployment: 'La plataforma no indicó ningún despliegue. Añádalo con: invigil lti add.',
  },
} as const;

/** `GET /lti/register/{invitation}`: an invited platform opens it, with the address of its configuration. */
export const registrationRouter = (registration: Registration, log: Logger): Router => {
  const router = Router();
  router.get('/register/:invitation', async (request: Request<{ invitation: string }>, response) => {
    const { openid_configuration: url, registration_token: token } = request.query;
    const { issuer, hasDeployment } = await registration.register(
      request.params.invitation,
      typeof url === 'string' ? url : '',
      typeof token === 'string' ? token : null,
    );
    log.info({ event: 'lti.registered', has_deployment: hasDeployment });
    const { origin } = new URL(issuer);
    const scriptNonce = newNonce();
    setFramePolicy(response, { scriptNonce, formTargets: [], frames: [origin] });
    const words = texts[languageOf(request)];
    // The platform's page closes this one (section 3.7 of the specification).
    const close = `(window.opener ?? window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, ${JSON.stringify(origin)});`;
    const content = `<p>${hasDeployment ? words.done : words.deployment}</p><script nonce="${scriptNonce}">${close}</script>`;
    response.type('html').send(pageOf(languageOf(request), words.title, content));
  });
  return router;
};
