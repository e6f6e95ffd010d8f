import type { JWTPayload } from 'jose';
import type { LaunchOf } from './lti-platform.ts';
import type { PlatformService } from './platform-service.ts';

/** What the pages need from the platform. */
export interface PagesOptions {
  service: PlatformService;
  /** The address of the tool's login, with the parameters of a launch. */
  loginUrl: (hint: string, storageTarget: string | null) => string;
  /** The signed token of a launch. */
  idToken: (nonce: string, of: LaunchOf) => Promise<string>;
  redirectUri: () => string;
}

interface Page {
  status: number;
  html: string;
  location?: string;
}

const page = (title: string, content: string): Page => ({
  status: 200,
  html: `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1>${content}</body></html>`,
});

/** Answers a tool's storage messages (LTI Client Side postMessages, Platform Storage). */
const storageScript = `
  const stored = new Map();
  addEventListener('message', ({ data, origin, source }) => {
    const key = origin + ' ' + data.key;
    const answer = { subject: data.subject + '.response', message_id: data.message_id, key: data.key };
    if (data.subject === 'lti.put_data') stored.set(key, data.value);
    else if (data.subject !== 'lti.get_data') return;
    source.postMessage({ ...answer, value: stored.get(key) ?? null }, origin);
  });`;

/** The pages of the test platform, for browsers. A course's links begin launches, which go on at `/authenticate`. */
export class PlatformPages {
  /** Messages of the tool, verified, by the path where the browser brought them. */
  readonly messages = new Map<string, JWTPayload>();
  readonly #options: PagesOptions;
  readonly #launches = new Map<string, LaunchOf>();

  constructor(options: PagesOptions) {
    this.#options = options;
  }

  /** The address of a page of the platform that begins this launch. */
  link(of: LaunchOf, kind: 'open' | 'frame' = 'open'): string {
    const hint = `launch-${this.#launches.size + 1}`;
    this.#launches.set(hint, of);
    return `/${kind}?hint=${hint}`;
  }

  /** Null for a path that is no page. */
  async answer(url: URL, form: URLSearchParams): Promise<Page | null> {
    const hint = url.searchParams.get('hint') ?? '';
    switch (url.pathname) {
      case '/open':
        return { status: 302, html: '', location: this.#options.loginUrl(hint, null) };
      case '/frame': {
        const source = this.#options.loginUrl(hint, '_parent').replaceAll('&', '&amp;');
        return page(
          'A course',
          `<script>${storageScript}</script><iframe allow="camera" width="800" height="500" src="${source}"></iframe>`,
        );
      }
      case '/authenticate':
        return this.#authenticate(url.searchParams);
      case '/deep-link-return':
        return page('Back in the course', `<p>Links: ${await this.#items(form)}</p>`);
      case '/start-assessment': {
        await this.#read(url.pathname, form);
        return page('The assessment', `<a href="${this.finishLink}">Finish</a>`);
      }
      default:
        return null;
    }
  }

  /** Where the assessment's page leads at its end. */
  finishLink = '/';

  /** The browser brings the tool's authentication request (IMS Security Framework 1.0, section 5.1.1.2). */
  async #authenticate(parameters: URLSearchParams): Promise<Page> {
    const launch = this.#launches.get(parameters.get('lti_message_hint') ?? '');
    if (launch === undefined || parameters.get('redirect_uri') !== this.#options.redirectUri()) {
      return { status: 400, html: 'a wrong authentication request' };
    }
    const idToken = await this.#options.idToken(parameters.get('nonce') ?? '', launch);
    const fields = { state: parameters.get('state') ?? '', id_token: idToken };
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    return page(
      'Signing in',
      `<form method="post" action="${this.#options.redirectUri()}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`,
    );
  }

  async #read(path: string, form: URLSearchParams): Promise<JWTPayload> {
    const message = await this.#options.service.readMessage(form.get('JWT') ?? '');
    this.messages.set(path, message);
    return message;
  }

  async #items(form: URLSearchParams): Promise<string> {
    const message = await this.#read('/deep-link-return', form);
    const items = message['https://purl.imsglobal.org/spec/lti-dl/claim/content_items'] as { title?: string }[];
    return items.map(({ title = '' }) => title).join(', ');
  }
}
