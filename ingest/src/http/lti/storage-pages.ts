import type { Response } from 'express';
import { escapeHtml, pageOf } from '../middleware/plain-page.ts';
import type { PageLanguage } from '../middleware/plain-page.ts';
import { newNonce, setFramePolicy } from './posted-form.ts';

const texts = {
  en: {
    title: 'Open the exam in a new window',
    why: 'The exam uses your camera, so it needs a window of its own.',
    open: 'Open in a new window',
    failed: 'This link could not be opened. Go back to your course and open it again.',
  },
  de: {
    title: 'Die Prüfung in einem neuen Fenster öffnen',
    why: 'Die Prüfung verwendet Ihre Kamera und braucht deshalb ein eigenes Fenster.',
    open: 'In neuem Fenster öffnen',
    failed: 'Dieser Link ließ sich nicht öffnen. Öffnen Sie ihn noch einmal in Ihrem Kurs.',
  },
  es: {
    title: 'Abrir el examen en una ventana nueva',
    why: 'El examen usa su cámara, por lo que necesita su propia ventana.',
    open: 'Abrir en una ventana nueva',
    failed: 'No se pudo abrir este enlace. Ábralo de nuevo en su curso.',
  },
} as const;

/** After which the student is told that the platform's page has not answered; a page without this storage never does. */
const answerWithinMs = 10_000;
/** How often the question is repeated: a message to a frame that has not loaded yet is lost without an error. */
const repeatEveryMs = 500;

/**
 * Runs in the page: asks the platform's page until it answers, and calls `then` with its answer or `fail` without. On a slow device an
 * answer can come after `fail`; it counts all the same.
 */
const askPlatform = `
  const ask = (message, then, fail) => {
    const id = String(Math.random());
    const send = () => {
      try {
        const target = config.target === '_parent' ? parent : parent.frames[config.target];
        target.postMessage({ ...message, message_id: id, key: config.key }, config.origin);
      } catch { /* the frame does not exist yet; the timer reports it if it never does */ }
    };
    const repeats = setInterval(send, ${repeatEveryMs});
    const timer = setTimeout(() => { clearInterval(repeats); fail(); }, ${answerWithinMs});
    const hear = ({ data, origin }) => {
      if (origin !== config.origin || typeof data !== 'object' || data === null) return;
      if (data.subject !== message.subject + '.response' || data.message_id !== id) return;
      clearInterval(repeats);
      clearTimeout(timer);
      removeEventListener('message', hear);
      if (data.error === undefined) then(data); else fail();
    };
    addEventListener('message', hear);
    send();
  };`;

/** JSON that cannot end the script element. */
const scriptValue = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

export interface StoragePlace {
  /** The frame of the platform's page that answers, as the platform named it. */
  target: string;
  /** Of the platform's page. */
  origin: string;
}

const keyOf = (state: string): string => `invigil_${state}`;

/**
 * Stores the proof in the platform's page (LTI Client Side postMessages, Platform Storage 0.1) and goes on to the platform. Without an
 * answer, it offers a new window, where cookies work. @param loginPath of the login in a new window
 */
export const sendStoringPage = (
  response: Response,
  place: StoragePlace,
  { state, proof, url, loginPath }: { state: string; proof: string; url: string; loginPath: string },
  language: PageLanguage,
): void => {
  const scriptNonce = newNonce();
  setFramePolicy(response, { scriptNonce, formTargets: [], frames: [place.origin] });
  const { title, why, open } = texts[language];
  response.type('html').send(
    pageOf(
      language,
      title,
      `<div id="window" hidden><p>${why}</p>
      <p><a href="${escapeHtml(loginPath)}" target="_blank" rel="noopener">${open}</a></p></div>
      <noscript><p>${why}</p><p><a href="${escapeHtml(loginPath)}" target="_blank" rel="noopener">${open}</a></p></noscript>
      <script nonce="${scriptNonce}">
  const config = ${scriptValue({ ...place, key: keyOf(state), value: proof, url })};${askPlatform}
  ask({ subject: 'lti.put_data', value: config.value },
    () => location.replace(config.url),
    () => { document.getElementById('window').hidden = false; });
      </script>`,
    ),
  );
};

/**
 * Reads the proof back and brings the launch a second time with it, which only the server's own page can do. An exam opens in a new
 * window, because of its camera; the page to choose an exam stays in the frame.
 */
export const sendReadingPage = (
  response: Response,
  place: StoragePlace,
  { state, idToken, isForFrame }: { state: string; idToken: string; isForFrame: boolean },
  language: PageLanguage,
): void => {
  const scriptNonce = newNonce();
  setFramePolicy(response, { scriptNonce, formTargets: ["'self'"], frames: [place.origin] });
  const { title, why, open, failed } = texts[language];
  response.type('html').send(
    pageOf(
      language,
      title,
      `<form id="launch" method="post" action="/lti/launch" target="${isForFrame ? '_self' : '_blank'}" hidden>
        <p>${why}</p>
        <input type="hidden" name="state" value="${escapeHtml(state)}" />
        <input type="hidden" name="id_token" value="${escapeHtml(idToken)}" />
        <input type="hidden" name="proof" value="" />
        <button>${open}</button>
      </form>
      <p id="failed" role="alert" hidden>${failed}</p>
      <noscript><p>${failed}</p></noscript>
      <script nonce="${scriptNonce}">
  const config = ${scriptValue({ ...place, key: keyOf(state), isForFrame })};${askPlatform}
  const form = document.getElementById('launch');
  const fail = () => { document.getElementById('failed').hidden = false; };
  ask({ subject: 'lti.get_data' }, ({ value }) => {
    if (typeof value !== 'string') return fail();
    document.getElementById('failed').hidden = true;
    form.elements.proof.value = value;
    if (config.isForFrame) form.submit(); else form.hidden = false;
  }, fail);
      </script>`,
    ),
  );
};
