import { h, render } from 'preact';
import type { TokenSource } from '../connection/token-source.ts';
import type { ProctorOptions } from '../proctor/options.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { MissingPart } from '../proctor/missing-part.ts';
import type { Proctor } from '../proctor/proctor.ts';
import { Continuation } from './session/continuation.ts';
import { resumeFlag } from './session/resume-flag.ts';
import { takeEarlyProperties } from './early-properties.ts';
import { languageOf, mayPicture, modelsUrlOf, setOrRemove } from './element-attributes.ts';
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
  static readonly observedAttributes = ['lang', 'session-id', 'pictures', 'autostart'];

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
  /** Removed in this task, and perhaps only moved within the page. */
  #isRemoved = false;
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
        ...modelsUrlOf(this),
        ...this.#options,
        serverUrl: this.serverUrl,
        video: this.#video,
        pictures: mayPicture(this, this.#options.pictures),
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
  set session(source: (() => Promise<SessionTicket>) | null | undefined) {
    this.#sessionSource = source ?? null;
    if (this.isConnected) this.#sessionNamed();
  }

  /** All other options of `createProctor`. Read when a session starts. */
  get options(): ElementOptions {
    return this.#options;
  }
  set options(options: ElementOptions | null | undefined) {
    this.#options = options ?? {};
  }

  /** Where the server is; the page's own origin by default. */
  get serverUrl(): string {
    return this.getAttribute('server-url') ?? location.origin;
  }
  set serverUrl(url: string | null | undefined) {
    setOrRemove(this, 'server-url', url);
  }

  get sessionId(): string | null {
    return this.getAttribute('session-id');
  }
  set sessionId(id: string | null | undefined) {
    setOrRemove(this, 'session-id', id);
  }

  /** Can be set at any time, even during the session: each connection attempt uses the current one. */
  get token(): TokenSource | null {
    return this.#token ?? this.getAttribute('token');
  }
  set token(token: TokenSource | null | undefined) {
    this.#token = token ?? null;
  }

  /** Texts that replace the element's own, in the page's language. */
  get texts(): OwnTexts {
    return this.#texts;
  }
  set texts(texts: OwnTexts | null | undefined) {
    this.#texts = texts ?? {};
    this.#planRender();
  }

  /**
   * The exam's notice, or a function that fetches it: the consent then states its exact rules, and the panel shows the exam's time.
   * @example element.notice = () => fetch('/exam-notice').then((response) => response.json());
   */
  get notice(): NoticeSource | null {
    return this.#notice.source;
  }
  set notice(source: NoticeSource | null | undefined) {
    this.#notice.source = source ?? null;
    if (this.isConnected) void this.#notice.refresh();
  }

  /** Sends a student's request for help to a proctor. If set, the panel offers it. Rejects if the request did not arrive. */
  get help(): ((text: string) => Promise<void>) | null {
    return this.#help;
  }
  set help(ask: ((text: string) => Promise<void>) | null | undefined) {
    this.#help = ask ?? null;
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
    const isMoved = this.#isRemoved;
    this.#isRemoved = false;
    if (!this.hasAttribute('autostart')) this.#continuation.soon();
    this.#render();
    // A session that has ended does not begin again because the page moves its panel.
    if (!isMoved) this.#autostart();
  }

  /** Moved by `moveBefore`, which browsers otherwise report as a removal and an insertion. */
  connectedMoveCallback(): void {
    this.#planRender();
  }

  disconnectedCallback(): void {
    this.#pageListeners?.abort();
    if (this.#clock !== null) clearInterval(this.#clock);
    this.#clock = null;
    // An element that is moved within the page is removed and inserted again at once.
    this.#isRemoved = true;
    queueMicrotask(() => {
      this.#isRemoved = false;
      if (!this.isConnected) void this.stop();
    });
  }

  attributeChangedCallback(name: string): void {
    if (name === 'session-id' && this.isConnected) this.#sessionNamed();
    if (name === 'autostart' && this.#clock !== null && this.stage.stage === 'consent') this.#autostart();
    this.#planRender();
  }

  async #ticket(): Promise<SessionTicket> {
    const ticket = this.#continuation.takeTicket() ?? (await this.#askPage());
    this.#runningId = ticket.sessionId;
    return ticket;
  }

  async #askPage(): Promise<SessionTicket> {
    // The script that puts an element into the page may name the session right afterwards.
    await Promise.resolve();
    if (this.#sessionSource !== null) return await askTicket(this.#sessionSource);
    if (this.sessionId === null) throw new Error('the attribute session-id is missing');
    return { sessionId: this.sessionId };
  }

  /** An element that starts by itself may be in the page before its script has named the session. */
  #sessionNamed(): void {
    if (this.stage.stage === 'not_started') this.#autostart();
    else this.#continuation.soon();
  }

  #autostart(): void {
    if (this.hasAttribute('autostart')) void this.start();
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
    const language = languageOf(this);
    const texts = elementTexts(language, this.#texts);
    this.#video.setAttribute('aria-label', texts.preview);
    const { view } = this.#session;
    const props = {
      view,
      texts,
      language,
      video: this.#video,
      resuming: this.#continuation.isResuming,
      mayPicture: mayPicture(this, this.#options.pictures),
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
