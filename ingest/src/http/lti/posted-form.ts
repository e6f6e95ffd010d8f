import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import type { PlatformMessage } from '../../lti/deep-linking.ts';
import { escapeHtml, pageOf } from '../middleware/plain-page.ts';
import type { PageLanguage } from '../middleware/plain-page.ts';

const texts = {
  en: { title: 'Back to your course', button: 'Continue' },
  de: { title: 'Zurück zum Kurs', button: 'Weiter' },
  es: { title: 'Volver al curso', button: 'Continuar' },
} as const;

export interface FramePolicy {
  /** Allowed beside the server's own pages, for a script in the page. */
  scriptNonce: string;
  /** Origins that its forms may be sent to. */
  formTargets: readonly string[];
  /** Origins that may frame the page; none if the page must not be framed. */
  frames: readonly string[];
}

export const newNonce = (): string => randomBytes(16).toString('base64');

/** The policy of a page that talks with a platform, in place of the server's. */
export const setFramePolicy = (response: Response, { scriptNonce, formTargets, frames }: FramePolicy): void => {
  const policy = {
    'default-src': ["'none'"],
    'style-src': ["'unsafe-inline'"],
    'img-src': ["'self'"],
    'script-src': [`'nonce-${scriptNonce}'`],
    'form-action': formTargets.length === 0 ? ["'none'"] : formTargets,
    'frame-ancestors': frames.length === 0 ? ["'none'"] : frames,
    'base-uri': ["'none'"],
  };
  response.set(
    'Content-Security-Policy',
    Object.entries(policy)
      .map(([name, values]) => `${name} ${values.join(' ')}`)
      .join('; '),
  );
  // Otherwise browsers hide the origin of the page's own forms.
  response.set('Referrer-Policy', 'same-origin');
  if (frames.length > 0) response.removeHeader('X-Frame-Options');
};

/** A page that posts a signed message to the platform at once. Browsers without scripts show a button. */
export const sendPostedForm = (
  response: Response,
  { url, token }: PlatformMessage,
  { language, frames }: { language: PageLanguage; frames: readonly string[] },
): void => {
  const scriptNonce = newNonce();
  // Platforms answer the form with a redirect to any page of theirs, and browsers apply the policy to it as well.
  setFramePolicy(response, { scriptNonce, formTargets: [new URL(url).protocol], frames });
  const { title, button } = texts[language];
  response.type('html').send(
    pageOf(
      language,
      title,
      `<form id="message" method="post" action="${escapeHtml(url)}">
        <input type="hidden" name="JWT" value="${escapeHtml(token)}" />
        <button>${button}</button>
      </form>
      <script nonce="${scriptNonce}">document.getElementById('message').submit();</script>`,
    ),
  );
};
