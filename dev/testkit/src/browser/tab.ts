import { setTimeout as delay } from 'node:timers/promises';
import type { TabDriver } from './tab-driver.ts';

const pollMs = 100;

/** Finds the first element that matches, shadow roots included. Runs in the page. */
const findDeep = (selector: string): Element | null => {
  const search = (root: Document | ShadowRoot): Element | null => {
    const found = root.querySelector(selector);
    if (found !== null) return found;
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      const inside = shadowRoot === null ? null : search(shadowRoot);
      if (inside !== null) return inside;
    }
    return null;
  };
  return search(document);
};

const elementExpression = (selector: string): string => `(${String(findDeep)})(${JSON.stringify(selector)})`;

/** A page in any of the three browsers. Selectors are CSS and reach into open shadow roots. */
export class Tab {
  readonly #driver: TabDriver;

  constructor(driver: TabDriver) {
    this.#driver = driver;
  }

  goto(url: string): Promise<void> {
    return this.#driver.goto(url);
  }

  reload(): Promise<void> {
    return this.#driver.reload();
  }

  back(): Promise<void> {
    return this.#driver.back();
  }

  /** The value of a JavaScript expression, through JSON; for a promise, its result. */
  evaluate<Value>(expression: string): Promise<Value> {
    return this.#driver.evaluate(expression) as Promise<Value>;
  }

  url(): Promise<string> {
    return this.evaluate('location.href');
  }

  /** Text of the first match, trimmed; null if there is none. */
  text(selector: string): Promise<string | null> {
    return this.evaluate(`${elementExpression(selector)}?.innerText.trim() ?? null`);
  }

  has(selector: string): Promise<boolean> {
    return this.evaluate(`${elementExpression(selector)} !== null`);
  }

  attribute(selector: string, name: string): Promise<string | null> {
    return this.evaluate(`${elementExpression(selector)}?.getAttribute(${JSON.stringify(name)}) ?? null`);
  }

  /** Polls until the selector matches. Rejects with the page's text if it does not in time. */
  waitFor(selector: string, limitMs?: number): Promise<void> {
    return this.#poll(selector, () => this.has(selector), limitMs);
  }

  /** Waits until the element is visible and clicks it. */
  async click(selector: string, limitMs?: number): Promise<void> {
    const element = elementExpression(selector);
    await this.#poll(selector, () => this.evaluate(`(${element}?.getClientRects().length ?? 0) > 0`), limitMs);
    await this.#driver.click(element);
  }

  async type(selector: string, text: string): Promise<void> {
    await this.waitFor(selector);
    await this.#driver.type(elementExpression(selector), text);
  }

  resize(widthPx: number, heightPx: number): Promise<void> {
    return this.#driver.resize(widthPx, heightPx);
  }

  /** Puts the page in the background: hidden, as `document.visibilityState` says. Not in Chromium; see `RawChromium`. */
  hide(): Promise<void> {
    return this.#driver.hide();
  }

  show(): Promise<void> {
    return this.#driver.show();
  }

  /** What the console of this page showed since it was loaded; needs the script of `problemCollector`. */
  problems(): Promise<string[]> {
    return this.evaluate('globalThis.problemsOfPage');
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  async #poll(selector: string, isThere: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
    const untilMs = Date.now() + limitMs;
    // A page that is being replaced answers with an error.
    while (!(await isThere().catch(() => false))) {
      if (Date.now() > untilMs)
        throw new Error(`no ${selector} within ${limitMs} ms; the page shows: ${await this.text('body')}`);
      await delay(pollMs);
    }
  }
}
