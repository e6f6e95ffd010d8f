import { h, render } from 'preact';
import type { TokenSource } from '../connection/token-source.ts';
import type { ProctorOptions } from '../proctor/options.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { MissingPart } from '../proctor/missing-part.ts';
import type { Proctor } from '../proctor/proctor.ts';
import { chooseLanguage } from '../i18n/language.ts';
import type { Language } from '../i18n/language.ts';
import { Continuation } from './session/continuation.ts';
import { resumeFlag } from './session/resume-flag.ts';
import { takeEarlyProperties } from './early-properties.ts';
import type { InvigilProctorEvents } from './element-events.ts';
import { createPreviewVideo } from './preview-video.ts';
import { elementSheet } from './element-sheet.ts';
import { NoticeReader } from './notice/notice-reader.ts';
import type { NoticeSource } from './notice/exam-notice.ts';
import { HtmlElement } from './html-element.ts';
import { elementTexts } from './texts/element-texts.ts';
import type { OwnTexts } from './texts/element-texts.ts';
import { ElementSession } from './session/element-session.ts';
import { askTicket } from './session/session-ticket.ts';
import type { SessionTicket } from './session/session-ticket.ts';
import type { SessionView } from './session/session-view.ts';
import type { Stage } from './session/stage.ts';
import { View } from './views/stage-view.tsx';

export type ElementOptions = Partial<Omit<ProctorOptions, 'serverUrl' | 'sessionId' | 'token' | 'video'>>;

const clockPeriodMs = 1000;

/**
 * `<invigil-proctor server-url session-id [token] [models-url] [pictures] [lang] [autostart]>`: consent, preparation, panel and end of one
 * student's session. Loads, opens and sends nothing before the student agrees (or, with `autostart`, before it is put into the
 * page: for pages that asked for consent themselves).
 */
export class InvigilProctor extends HtmlElement {
  static readonly observedAttributes = ['lang', 'session-id', 'pictures'];

  readonly #root: ShadowRoot;
  readonly #video = createPreviewVideo();
  readonly #session: ElementSession;
  #texts: OwnTexts = {};
  #token: TokenSource | null = null;
  #options: ElementOptions = {};
  #sessionSource: (() => Promise<SessionTicket>) | null = null;
  readonly #continuation = new Continuation({
    source: () => this.#sessionSource,
    sessionId: () => this.sessionId,
    mayContinue: () => this.isConnected && this.stage.stage === 'consent',
    begin: () => void this.start(),
    changed: () => this.#planRender(),
  });
  readonly #notice = new NoticeReader(() => this.#planRender());
  #help: ((text: string) => Promise<void>) | null = null;
  #runningId: string | null = null;
  #clock: ReturnType<typeof setInterval> | null = null;
  #pageListeners: AbortController | null = null;
  #shownStage: Stage | null = null;
  #renderPlanned = false;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [elementSheet()];
    this.#session = new ElementSession({
      session: () => this.#ticket(),
      options: () => ({
        ...this.#modelsUrl(),
        ...this.#options,
        serverUrl: this.serverUrl,
        video: this.#video,
        pictures: this.#mayPicture,
      }),
      token: () => this.token,
      changed: (view) => this.#changed(view),
      tokenExpired: () => this.#dispatch('invigil-token-expired', null),
      onEvent: (event, detail) => this.#dispatch(`invigil-${event}`, detail),
    });
    takeEarlyProperties(this, ['serverUrl', 'sessionId', 'session', 'token', 'options', 'texts', 'notice', 'help']);
  }

  /** Creates the session after the student has agreed, instead of the attribute `session-id`. */
  get session(): (() => Promise<SessionTicket>) | null {
    return this.#sessionSource;
  }
  set session(source: (() => Promise<SessionTicket>) | null) {
    this.#sessionSource = source;
    if (this.isConnected) this.#sessionNamed();
  }

  /** All other options of `createProctor`. Read when a session starts. */
  get options(): ElementOptions {
    return this.#options;
  }
  set options(options: ElementOptions) {
    this.#options = options;
  }

  /** Where the server is; the page's own origin by default. */
  get serverUrl(): string {
    return this.getAttribute('server-url') ?? location.origin;
  }
  set serverUrl(url: string) {
    this.setAttribute('server-url', url);
  }

  get sessionId(): string | null {
    return this.getAttribute('session-id');
  }
  set sessionId(id: string | null) {
    if (id === null) this.removeAttribute('session-id');
    else this.setAttribute('session-id', id);
  }

  /** Can be set at any time, even during the session: each connection attempt uses the current one. */
  get token(): TokenSource | null {
    return this.#token ?? this.getAttribute('token');
  }
  set token(token: TokenSource | null) {
    this.#token = token;
  }

  /** Texts that replace the element's own, in the page's language. */
  get texts(): OwnTexts {
    return this.#texts;
  }
  set texts(texts: OwnTexts) {
    this.#texts = texts;
    this.#planRender();
  }

  /**
   * The exam's notice, or a function that fetches it: the consent then states its exact rules, and the panel shows the exam's time.
   * @example element.notice = () => fetch('/exam-notice').then((response) => response.json());
   */
  get notice(): NoticeSource | null {
    return this.#notice.source;
  }
  set notice(source: NoticeSource | null) {
    this.#notice.source = source;
    if (this.isConnected) void this.#notice.refresh();
  }

  /** Sends a student's request for help to a proctor. If set, the panel offers it. Rejects if the request did not arrive. */
  get help(): ((text: string) => Promise<void>) | null {
    return this.#help;
  }
  set help(ask: ((text: string) => Promise<void>) | null) {
    this.#help = ask;
    this.#planRender();
  }

  /** The stage that the student sees. */
  get stage(): Stage {
    return this.#session.view.stage;
  }

  /** The proctor of the current session; null before consent. */
  get proctor(): Proctor | null {
    return this.#session.proctor;
  }

  /** Starts as if the student had given consent. Resolves when the session runs, or `stage` states why it does not. */
  start(): Promise<void> {
    return this.#session.begin();
  }

  /** Closes the camera and delivers pending readings. */
  stop(): Promise<StopResult> {
    return this.#session.stop();
  }

  connectedCallback(): void {
    this.#pageListeners = new AbortController();
    const { signal } = this.#pageListeners;
    for (const event of ['online', 'offline']) addEventListener(event, () => this.#planRender(), { signal });
    this.#clock ??= setInterval(() => this.#tick(), clockPeriodMs);
    void this.#notice.refresh();
    const startsItself = this.hasAttribute('autostart');
    if (!startsItself) this.#continuation.soon();
    this.#render();
    if (startsItself) void this.start();
  }

  disconnectedCallback(): void {
    this.#pageListeners?.abort();
    if (this.#clock !== null) clearInterval(this.#clock);
    this.#clock = null;
    // An element that is moved within the page is removed and inserted again at once.
    queueMicrotask(() => {
      if (!this.isConnected) void this.stop();
    });
  }

  attributeChangedCallback(name: string): void {
    if (name === 'session-id' && this.isConnected) this.#sessionNamed();
    this.#planRender();
  }

  /**
   * The consent text mentions thumbnails, so they may be sent if the exam's policy requests them; the page can forbid
   * it.
   */
  get #mayPicture(): boolean {
    return this.getAttribute('pictures') !== 'never' && this.#options.pictures !== false;
  }

  #modelsUrl(): Pick<ProctorOptions, 'modelsUrl'> {
    const url = this.getAttribute('models-url');
    return url === null ? {} : { modelsUrl: new URL(url, document.baseURI).href };
  }

  async #ticket(): Promise<SessionTicket> {
    const ticket = this.#continuation.takeTicket() ?? (await this.#askPage());
    this.#runningId = ticket.sessionId;
    return ticket;
  }

  async #askPage(): Promise<SessionTicket> {
    if (this.#sessionSource !== null) return await askTicket(this.#sessionSource);
    if (this.sessionId === null) throw new Error('the attribute session-id is missing');
    return { sessionId: this.sessionId };
  }

  /** An element that starts by itself may be in the page before its script has named the session. */
  #sessionNamed(): void {
    if (this.stage.stage === 'not_started' && this.hasAttribute('autostart')) void this.start();
    else this.#continuation.soon();
  }

  #language(): Language {
    const own = this.closest('[lang]')?.getAttribute('lang') ?? '';
    return chooseLanguage(own === '' ? navigator.languages : [own]);
  }

  #dispatch(event: keyof InvigilProctorEvents, detail: InvigilProctorEvents[keyof InvigilProctorEvents]): void {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  }

  #tick(): void {
    if (this.stage.stage !== 'closed') void this.#notice.refresh();
    this.#planRender();
  }

  #changed(view: SessionView): void {
    const { stage } = view;
    if (stage === this.#shownStage) return this.#planRender();
    if (stage.stage === 'running') resumeFlag.set(this.#runningId, 'running');
    if (stage.stage === 'closed') resumeFlag.set(this.#runningId, 'stopped');
    this.#shownStage = stage;
    this.#render();
    this.#dispatch('invigil-stage', stage);
  }

  /** Several changes in a row are drawn together. */
  #planRender(): void {
    if (this.#renderPlanned) return;
    this.#renderPlanned = true;
    queueMicrotask(() => {
      this.#renderPlanned = false;
      if (this.isConnected) this.#render();
    });
  }

  #render(): void {
    const focused = this.#root.activeElement;
    const language = this.#language();
    const texts = elementTexts(language, this.#texts);
    this.#video.setAttribute('aria-label', texts.preview);
    const { view } = this.#session;
    const props = {
      view,
      texts,
      language,
      video: this.#video,
      resuming: this.#continuation.isResuming,
      mayPicture: this.#mayPicture,
      online: navigator.onLine,
      nowMs: Date.now(),
      notice: this.#notice.notice,
      serverNowMs: this.#notice.serverNowMs,
      askForHelp: this.#help,
      onBegin: () => void this.start(),
      onBeginWithout: (part: MissingPart) => void this.#session.begin(part),
      onDecline: () => this.#session.decline(),
      onReconsider: () => this.#session.reconsider(),
      onRestart: () => void this.#session.restart(),
      onDeliver: () => void this.#session.deliverPending(),
      onPause: () => this.#session.pause(),
      onResume: () => void this.#session.resume(),
      onMessagesRead: () => this.#session.messagesRead(),
      onChooseCamera: (deviceId: string) => void this.#session.chooseCamera(deviceId),
    };
    const stage = view.stage.stage;
    render(h('div', { class: 'root', part: 'root', tabIndex: -1, 'data-stage': stage }, h(View, props)), this.#root);
    // The focused element was removed: keyboard users continue here, not at the top of the page.
    if (focused !== null && !focused.isConnected) this.#root.querySelector<HTMLElement>('.root')?.focus();
  }
}
