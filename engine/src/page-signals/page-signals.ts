import type { Violation, ViolationType } from '@invigil/protocol/channels';

/** Minimum interval between two violations of one type. */
const quietMs = 1000;
/** Leaving the tab also takes the focus away; within this time both count as one event, the tab switch. */
const sameMomentMs = 500;
/** Maximum number of pending violations: a frame carries no more. */
const maxWaiting = 50;

/** Shortcuts that open developer tools. The pressed key is not stored. */
const opensDevTools = ({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean =>
  key === 'F12' || (((ctrlKey && shiftKey) || (metaKey && altKey)) && /^[ijc]$/i.test(key));

/**
 * Violations that the page itself detects: type and time, never content. Developer tools are detected only by their
 * shortcuts; a second screen only if the browser reports it (Chromium, when the screen is extended).
 */
export class PageSignals {
  readonly #nowMs: () => number;
  readonly #listeners = new AbortController();
  #waiting: Violation[] = [];
  #dropped = 0;
  readonly #lastMs = new Map<ViolationType, number>();
  #wasFullScreen = document.fullscreenElement !== null;

  /** @param nowMs milliseconds since the Unix epoch. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    const { signal } = this.#listeners;
    // Capturing, so that a page that handles the event itself does not hide it.
    const options = { signal, capture: true };
    document.addEventListener('visibilitychange', () => document.hidden && this.#see('TAB_SWITCH'), options);
    addEventListener('blur', (event) => event.target === window && this.#blurred(), options);
    document.addEventListener('copy', () => this.#see('COPY_ATTEMPT'), options);
    document.addEventListener('cut', () => this.#see('COPY_ATTEMPT'), options);
    document.addEventListener('paste', () => this.#see('PASTE_ATTEMPT'), options);
    document.addEventListener('contextmenu', () => this.#see('RIGHT_CLICK'), options);
    document.addEventListener('keydown', (event) => opensDevTools(event) && this.#see('DEV_TOOLS'), options);
    document.addEventListener('fullscreenchange', () => this.#fullScreenChanged(), options);
    const { screen } = window as unknown as { screen: Screen & EventTarget & { isExtended?: boolean } };
    const checkScreens = (): void => {
      if (screen.isExtended === true) this.#see('SECOND_SCREEN');
    };
    if (screen.isExtended !== undefined) screen.addEventListener('change', checkScreens, options);
    checkScreens();
  }

  /** Returns and clears the pending violations, ordered by time. */
  take(): Violation[] {
    const settledMs = this.#nowMs() - sameMomentMs;
    const isSettled = ({ type, timestamp }: Violation): boolean => type !== 'WINDOW_BLUR' || timestamp <= settledMs;
    const taken = this.#waiting.filter(isSettled);
    this.#waiting = this.#waiting.filter((violation) => !isSettled(violation));
    return taken;
  }

  /** The same at the end of the session, when pending ones can no longer settle. */
  takeLast(): Violation[] {
    return this.#waiting.splice(0);
  }

  /** Number of dropped violations since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Discards the pending violations: they happened while the student was not observed. */
  forget(): void {
    this.#waiting = [];
    this.#dropped = 0;
  }

  close(): void {
    this.#listeners.abort();
  }

  /** The focus may have moved to a frame within the page, which still belongs to the page. */
  #blurred(): void {
    if (document.activeElement instanceof HTMLIFrameElement) return;
    this.#see('WINDOW_BLUR');
  }

  #fullScreenChanged(): void {
    const isFullScreen = document.fullscreenElement !== null;
    if (this.#wasFullScreen && !isFullScreen) this.#see('FULL_SCREEN_EXIT');
    this.#wasFullScreen = isFullScreen;
  }

  #see(type: ViolationType): void {
    const timestamp = this.#nowMs();
    if (timestamp - (this.#lastMs.get(type) ?? -Infinity) < quietMs) return;
    this.#lastMs.set(type, timestamp);
    if (type === 'TAB_SWITCH') {
      this.#waiting = this.#waiting.filter(
        (other) => other.type !== 'WINDOW_BLUR' || timestamp - other.timestamp > sameMomentMs,
      );
    }
    if (type === 'WINDOW_BLUR' && timestamp - (this.#lastMs.get('TAB_SWITCH') ?? -Infinity) <= sameMomentMs) return;
    if (this.#waiting.length < maxWaiting) this.#waiting.push({ type, timestamp });
    else this.#dropped += 1;
  }
}
