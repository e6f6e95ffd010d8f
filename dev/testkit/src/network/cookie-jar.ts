/** A browser's navigation without a browser: keeps cookies by origin, and follows redirects one at a time. */
export class CookieJar {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Sends a request with the origin's cookies, and keeps those of the response. Redirects are not followed. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const cookies = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, cookies);
    const headers = new Headers(init.headers);
    headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const isGone = attributes.some((each) => /expires=Thu, 01 Jan 1970/i.test(each));
      if (isGone) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  /** Follows redirects until a page. @returns the page and its address */
  async open(url: string, init: RequestInit = {}): Promise<{ url: string; response: Response; text: string }> {
    let at = url;
    let response = await this.fetch(at, init);
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 20; hops++) {
      at = new URL(response.headers.get('location') ?? '', at).href;
      response = await this.fetch(at);
    }
    return { url: at, response, text: await response.text() };
  }

  /** Submits the page's form with these fields besides its hidden ones. */
  submit(page: { url: string; text: string }, fields: Record<string, string>) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1] ?? page.url;
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    return this.open(new URL(action, page.url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
    });
  }

  value(url: string, name: string): string | undefined {
    return this.#cookies.get(new URL(url).origin)?.get(name);
  }
}
