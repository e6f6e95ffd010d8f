import css from './calibration-view.css?inline';
import type { CalibrationTexts } from './calibration-texts.ts';
import type { PointPx } from './gaze-sample.ts';
import type { Share } from './target-plan.ts';

/** Constructed style sheets need no `unsafe-inline` in the page's content policy. */
let sheet: CSSStyleSheet | null = null;
const styleSheet = (): CSSStyleSheet => {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
};

const add = <Name extends keyof HTMLElementTagNameMap>(
  parent: Element,
  name: Name,
  className: string,
  text = '',
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
};

/**
 * Targets over the whole viewport. A modal dialog: the page behind it cannot be used, Escape ends it, and the focus
 * returns to where it was.
 */
export class CalibrationView {
  readonly #host = document.createElement('div');
  readonly #dialog: HTMLDialogElement;
  readonly #about: HTMLElement;
  readonly #begin: HTMLButtonElement;
  readonly #hint: HTMLElement;
  readonly #dot: HTMLElement;
  /** Below the dot, where the eyes are anyway. */
  readonly #step: HTMLElement;
  readonly #stop: HTMLButtonElement;
  readonly #closed = new AbortController();

  constructor(container: Element, texts: CalibrationTexts, language: string) {
    this.#host.lang = language;
    this.#host.dataset['invigilCalibration'] = '';
    const root = this.#host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    this.#dialog = document.createElement('dialog');
    this.#dialog.setAttribute('aria-labelledby', 'title');
    root.append(this.#dialog);
    this.#about = add(this.#dialog, 'div', 'about');
    add(this.#about, 'h2', '', texts.title).id = 'title';
    add(this.#about, 'p', '', texts.about);
    this.#begin = add(this.#about, 'button', 'begin', texts.begin);
    const skip = add(this.#about, 'button', 'skip', texts.skip);
    this.#hint = add(this.#dialog, 'p', 'hint');
    this.#hint.setAttribute('role', 'status');
    this.#dot = add(this.#dialog, 'div', 'dot');
    this.#step = add(this.#dot, 'span', 'step');
    this.#step.setAttribute('aria-hidden', 'true');
    this.#stop = add(this.#dialog, 'button', 'stop', texts.stop);
    for (const part of [this.#dot, this.#stop]) part.hidden = true;
    for (const button of [skip, this.#stop]) button.addEventListener('click', () => this.close());
    this.#dialog.addEventListener('close', () => this.close());
    // A hidden page cannot be looked at, so nothing is measured.
    document.addEventListener('visibilitychange', () => document.hidden && this.close(), { signal: this.closed });
    container.append(this.#host);
    this.#dialog.showModal();
  }

  /** Aborted when the student has stopped or skipped it, or the view was closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when the student begins; never, if they skip it. */
  begun(): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        this.#about.hidden = true;
        for (const part of [this.#dot, this.#stop]) part.hidden = false;
        this.#stop.focus();
        resolve();
      };
      this.#begin.addEventListener('click', begin, { once: true, signal: this.closed });
    });
  }

  get size(): { widthPx: number; heightPx: number } {
    return { widthPx: this.#dialog.clientWidth, heightPx: this.#dialog.clientHeight };
  }

  say(hint: string): void {
    if (this.#hint.textContent !== hint) this.#hint.textContent = hint;
  }

  /** @param step such as "3 of 9"; empty for none. */
  showStep(step: string): void {
    this.#step.textContent = step;
  }

  /** @returns the dot's position, CSS pixels in the viewport. */
  show(share: Share, isNew: boolean): PointPx {
    const { widthPx, heightPx } = this.size;
    const point = { x: share.x * widthPx, y: share.y * heightPx };
    // Does not count as a layout shift, as `left` and `top` would.
    this.#dot.style.translate = `${point.x}px ${point.y}px`;
    if (isNew) this.#dot.classList.remove('looked');
    return point;
  }

  /** The eyes have had time to arrive. */
  showLooked(): void {
    this.#dot.classList.add('looked');
  }

  close(): void {
    if (this.closed.aborted) return;
    this.#closed.abort();
    this.#dialog.close();
    this.#host.remove();
  }
}
