import { createProctor } from '../../proctor/create-proctor.ts';
import { deliverPending } from '../../proctor/deliver-pending.ts';
import { asProctorError, ProctorError } from '../../errors/proctor-error.ts';
import type { CameraWait } from '../../camera/camera-state.ts';
import type { TokenSource } from '../../connection/token-source.ts';
import type { ProctorOptions } from '../../proctor/options.ts';
import type { StopResult } from '../../connection/stop-result.ts';
import type { MissingPart } from '../../proctor/missing-part.ts';
import type { ProctorState } from '../../proctor/state.ts';
import type { Proctor, ProctorEvents } from '../../proctor/proctor.ts';
import { lastingFailures } from './lasting-failures.ts';
import { panelMemory } from './panel-memory.ts';
import { refreshingTokenSource } from './refreshing-token-source.ts';
import { stageOf } from './stage-of-state.ts';
import { firstView, withObservation } from './session-view.ts';
import type { SessionView } from './session-view.ts';
import type { SessionTicket } from './session-ticket.ts';
import type { Stage } from './stage.ts';

export interface ElementSessionOptions {
  /** Called after the student has agreed. May reject, and is called again when the student tries again. */
  session(): Promise<SessionTicket>;
  options(): Omit<ProctorOptions, 'sessionId' | 'token'>;
  /** The page's current token, which takes precedence over the ticket's. */
  token(): TokenSource | null;
  changed(view: SessionView): void;
  tokenExpired(): void;
  /** The proctor's events, forwarded unchanged. */
  onEvent(event: PassedOn, detail: ProctorEvents[PassedOn]): void;
}

/** What this tab remembers of the session. */
interface Memory {
  sessionId: string | null;
  sinceMs: number | null;
  without: MissingPart | null;
}
const nothingKnown: Memory = { sessionId: null, sinceMs: null, without: null };
const nothingRead: StopResult = { delivered: 0, waiting: 0, lost: 0, chain: null };
const passedOn = [
  'frame',
  'observation',
  'violation',
  'delivery',
  'pictures',
  'calibration',
  'guidance',
  'cameras',
  'error',
] as const;
type PassedOn = (typeof passedOn)[number];

/** Sessions of this page that prepare or run. Two would observe the same student, and share one camera and one budget. */
const active = new Set<ElementSession>();

/** One student's session in an element: collects the proctor's events for the view. */
export class ElementSession {
  readonly #host: ElementSessionOptions;
  #view: SessionView = firstView;
  #proctor: Proctor | null = null;
  #options: ProctorOptions | null = null;
  #unsubscribe: (() => void)[] = [];
  #beginning: Promise<void> | null = null;
  /** Also kept by the engine, unless the page has no storage. */
  #chosenCameraId: string | null = null;
  #memory: Memory = nothingKnown;
  /** Set if the session is stopped while it is still starting. */
  #generation = 0;

  constructor(host: ElementSessionOptions) {
    this.#host = host;
  }

  get view(): SessionView {
    return this.#view;
  }

  get proctor(): Proctor | null {
    return this.#proctor;
  }

  /** Resolves when the session runs, or a stage states why it does not. @param without the student continues without this part. */
  begin(without: MissingPart | null = null): Promise<void> {
    if (['running', 'ending'].includes(this.#view.stage.stage)) return Promise.resolve();
    if (active.size > (active.has(this) ? 1 : 0)) {
      this.#show({ stage: { stage: 'failed', reason: 'session_open_in_page', detail: null } });
      return Promise.resolve();
    }
    // Stopped before that attempt had its session.
    if (this.#beginning !== null && this.#view.stage.stage === 'consent') return this.restart();
    this.#beginning ??= this.#begin(without).finally(() => (this.#beginning = null));
    return this.#beginning;
  }

  pause(): void {
    this.#proctor?.pause();
  }

  /** An error that prevents the start is shown as such. */
  async resume(): Promise<void> {
    try {
      await this.#proctor?.resume();
    } catch (error) {
      if (error instanceof ProctorError) this.#show({ trouble: error.reason });
      else throw error;
    }
  }

  /** Starts again although an attempt is still in progress: the camera may answer this time. */
  async restart(): Promise<void> {
    const earlier = this.#beginning;
    const generation = ++this.#generation;
    this.#forget();
    this.#show({ stage: { stage: 'preparing', progress: null } });
    await earlier;
    if (generation === this.#generation) await this.begin();
  }

  /** Switches the camera while the session runs; after a failure, tries again with this camera. */
  async chooseCamera(deviceId: string): Promise<void> {
    const isFailed = this.#view.stage.stage === 'failed';
    try {
      await this.#proctor?.chooseCamera(deviceId);
      this.#chosenCameraId = deviceId;
      if (isFailed) await this.begin();
      else this.#show({ trouble: null });
    } catch (error) {
      if (error instanceof ProctorError) this.#show({ trouble: error.reason });
      else throw error;
    }
  }

  /** The student does not agree; `begin` is still possible. */
  decline(): void {
    if (this.#view.stage.stage === 'consent') this.#show({ stage: { stage: 'declined' } });
  }

  /** Shows the consent again. */
  reconsider(): void {
    if (this.#view.stage.stage === 'declined') this.#show({ stage: firstView.stage });
  }

  messagesRead(): void {
    this.#show({ lastReadMessage: this.#view.guidance.messages.at(-1)?.id ?? null });
    this.#keep();
  }

  async stop(): Promise<StopResult> {
    this.#generation += 1;
    const result = await this.#proctor?.stop();
    if (result === undefined && this.#view.stage.stage === 'preparing') this.#show({ stage: firstView.stage });
    return result ?? nothingRead;
  }

  /** After the end: sends what is left on this device. */
  async deliverPending(): Promise<void> {
    const { stage } = this.#view;
    if (stage.stage !== 'closed' || this.#options === null) return;
    this.#show({ stage: { stage: 'ending' } });
    const result = await deliverPending(this.#options).catch(() => null);
    this.#show({ stage: result === null ? stage : { ...stage, result } });
  }

  async #begin(without: MissingPart | null): Promise<void> {
    const generation = ++this.#generation;
    this.#forget();
    this.#memory = nothingKnown;
    this.#show({ ...firstView, stage: { stage: 'preparing', progress: null } });
    let ticket: SessionTicket;
    try {
      ticket = await this.#host.session();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      if (generation === this.#generation) this.#show({ stage: { stage: 'not_started', detail } });
      return;
    }
    if (generation !== this.#generation) return;
    this.#remember(ticket.sessionId);
    const given = this.#givenOptions();
    if (given === null) return;
    try {
      this.#options = {
        ...given,
        ...(this.#chosenCameraId === null ? {} : { deviceId: this.#chosenCameraId }),
        ...this.#tokenOf(ticket),
        sessionId: ticket.sessionId,
      };
      this.#proctor = createProctor(this.#options);
      this.#listen(this.#proctor);
      await this.#proctor.start({ without: without ?? this.#memory.without });
    } catch (error) {
      if (generation === this.#generation) this.#failed(error);
    }
  }

  /** The page's options; null, with the failure shown, if they cannot be read. */
  #givenOptions(): ReturnType<ElementSessionOptions['options']> | null {
    try {
      return this.#host.options();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#show({ stage: { stage: 'failed', reason: 'options_invalid', detail } });
      return null;
    }
  }

  /** Shows what this tab noted before a reload. */
  #remember(sessionId: string): void {
    const { sinceMs, without, noted, lastReadMessage } = panelMemory.get(sessionId);
    this.#memory = { sessionId, sinceMs, without };
    this.#show({ noted, lastReadMessage });
  }

  #keep(): void {
    const { sessionId, sinceMs, without } = this.#memory;
    if (sessionId !== null) {
      const { noted, lastReadMessage } = this.#view;
      panelMemory.set(sessionId, { sinceMs, without, noted, lastReadMessage });
    }
  }

  #tokenOf(ticket: SessionTicket): { token?: TokenSource } {
    const current = (): TokenSource | null => this.#host.token() ?? ticket.token ?? null;
    if (current() === null) return {};
    return { token: refreshingTokenSource(current, Date.now, () => this.#host.tokenExpired()) };
  }

  #failed(error: unknown): void {
    // The proctor's own state also says which part is missing.
    if (this.#view.stage.stage === 'failed') return;
    const { reason, detail } = asProctorError(error);
    this.#show({ stage: { stage: 'failed', reason, detail } });
  }

  /** An earlier attempt's proctor is closed, and its events are ignored. */
  #forget(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    void this.#proctor?.stop();
    this.#proctor = null;
  }

  #listen(proctor: Proctor): void {
    const on = <E extends keyof ProctorEvents>(event: E, listener: (detail: ProctorEvents[E]) => void): void => {
      this.#unsubscribe.push(proctor.on(event, listener));
    };
    on('state', (state) => this.#stateChanged(state));
    on('delivery', (delivery) => this.#show({ delivery }));
    on('pictures', (pictures) => this.#show({ pictures }));
    on('observation', (event) => {
      this.#show({ noted: withObservation(this.#view.noted, event) });
      this.#keep();
    });
    on('guidance', (guidance) => this.#show({ guidance }));
    on('cameras', (cameras) => this.#show({ cameras }));
    on('error', ({ reason }) => {
      if (lastingFailures.has(reason)) this.#show({ trouble: reason });
    });
    on('frame', (frame) => this.#show({ frame, frames: this.#view.frames + 1 }));
    for (const event of passedOn) on(event, (detail) => this.#host.onEvent(event, detail));
  }

  #stateChanged(state: ProctorState): void {
    const stage = state.state === 'ready' ? this.#openingStage(state.waitingFor) : stageOf(state);
    if (stage === null) return;
    if (stage.stage === 'running') {
      const sinceMs = this.#memory.sinceMs ?? stage.sinceMs;
      // The next page of this tab continues in the same way.
      this.#memory = { ...this.#memory, sinceMs, without: stage.missing };
      stage.sinceMs = sinceMs;
      this.#keep();
    }
    const cameraIsBack = state.state === 'running' && state.camera.state === 'on';
    this.#show(cameraIsBack ? { stage, trouble: null } : { stage });
  }

  /** The models are loaded, and the camera is being opened. */
  #openingStage(waitingFor: CameraWait | undefined): Stage | null {
    const { stage } = this.#view;
    if (stage.stage !== 'preparing') return null;
    const { progress } = stage;
    return waitingFor === undefined ? { stage: 'preparing', progress } : { stage: 'preparing', progress, waitingFor };
  }

  #show(change: Partial<SessionView>): void {
    this.#view = { ...this.#view, ...change };
    if (['preparing', 'running'].includes(this.#view.stage.stage)) active.add(this);
    else active.delete(this);
    this.#host.changed(this.#view);
  }
}
