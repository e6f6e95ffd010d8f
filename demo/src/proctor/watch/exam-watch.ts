import { minuteSeconds } from '@invigil/protocol/frame';
import { batch, computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { ExamState } from '../../api/exam-api.ts';
import { AnimationBatch } from '../../page/animation-batch.ts';
import { ExamLink } from '../links/exam-link.ts';
import { LiveLink } from '../links/live-link.ts';
import type { LinkState } from '../links/socket-link.ts';
import { AlertInbox } from './alert-inbox.ts';
import { earlierReadings } from './earlier-readings.ts';
import { applyExamMessage } from './exam-message.ts';
import { ExamRefresh } from './exam-refresh.ts';
import { LiveReadings } from './live-readings.ts';
import { SeatCollection } from './seat-collection.ts';
import { PendingEnds } from './pending-ends.ts';
import { orderSeats } from './seat-order.ts';
import type { SeatFilter } from './seat-order.ts';
import { seatsOf } from './seat.ts';
import type { Seat } from './seat.ts';
import { SessionOwners } from './session-owners.ts';

const clockTickMs = 1000;
/** A student who has not been observed for this long moves up the wall. */
const unseenRiseMs = 10_000;

const lastHeardAtMs = (link: LinkState): number => (link.state === 'waiting' ? link.heardAtMs : null) ?? Date.now();

export interface ExamWatchOptions {
  exam: ExamState;
  /** The exam was read again because its state changed. */
  onExam: (exam: ExamState) => void;
}

/** Follows one running exam: who is connected and observed, the readings of the students on screen, and the alerts. */
export class ExamWatch {
  readonly alerts: AlertInbox;
  readonly readings: LiveReadings;
  readonly ends = new PendingEnds();
  readonly seats = signal<readonly Seat[]>([]);
  readonly filter = signal<SeatFilter>('all');
  readonly search = signal('');
  /** The server sends the page no ticks, so this clock ticks once a second. */
  readonly nowMs = signal(Date.now());
  /** The seats that match the filter and the search, those needing attention first. */
  readonly ordered: ReadonlySignal<readonly Seat[]>;
  /** Connected sessions that the server has not observed for a while, breaks left out. */
  readonly unseen: ReadonlySignal<ReadonlySet<string>>;
  /** The exam as it was last read. */
  readonly state: Signal<ExamState>;
  /** The server's clock less this device's, milliseconds. */
  #clockOffsetMs = 0;
  /** When the connection that carries the readings was last heard from before it was lost, on this device's clock; null while it is open. */
  readonly staleSinceMs = signal<number | null>(null);
  readonly links: Readonly<Record<'live' | 'alerts' | 'exam', ReadonlySignal<LinkState>>>;

  readonly #exam: ExamState;
  readonly #collection: SeatCollection;
  readonly #owners: SessionOwners;
  readonly #refresh: ExamRefresh;
  readonly #live: LiveLink;
  readonly #examLink: ExamLink;
  readonly #flushing = new AnimationBatch(() => batch(() => this.#flush()));
  #seatsChanged = true;
  #visible: readonly string[] = [];
  #opened: string | null = null;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor({ exam, onExam }: ExamWatchOptions) {
    this.#exam = exam;
    this.state = signal(exam);
    this.#setClock(exam);
    this.#collection = new SeatCollection(exam.pin !== null);
    this.#owners = new SessionOwners(this.#collection, () => this.#changeSeats());
    this.readings = new LiveReadings(() => this.#flushing.request());
    this.alerts = new AlertInbox({
      examId: exam.exam_id,
      onOwner: (sessionId, memberId) => {
        if (this.#collection.setOwner(sessionId, memberId)) this.#changeSeats();
      },
      onChange: () => this.#flushing.request(),
    });
    this.#refresh = new ExamRefresh({
      examId: exam.exam_id,
      onBegin: () => this.#collection.beginRead(),
      onExam: (read) => {
        this.#setClock(read);
        this.state.value = read;
        this.setStudents(read.students);
        onExam(read);
      },
    });
    const live = signal<LinkState>({ state: 'connecting' });
    const examState = signal<LinkState>({ state: 'connecting' });
    this.#live = this.#createLiveLink((state) => {
      if (state.state === 'open') this.staleSinceMs.value = null;
      else if (live.peek().state === 'open') this.staleSinceMs.value = lastHeardAtMs(state);
      live.value = state;
    });
    this.#examLink = this.#createExamLink((state) => (examState.value = state));
    this.links = { live, alerts: this.alerts.linkState, exam: examState };
    const unseenList = computed(() => this.#unseenNow().join(' '));
    this.unseen = computed(() => new Set(unseenList.value === '' ? [] : unseenList.value.split(' ')));
    this.ordered = computed(() =>
      orderSeats(this.seats.value, {
        filter: this.filter.value,
        search: this.search.value,
        alerts: this.alerts.bySession.value,
        unseen: this.unseen.value,
      }),
    );
  }

  open(): void {
    this.setStudents(this.#exam.students);
    this.#clock = setInterval(() => (this.nowMs.value = Date.now()), clockTickMs);
    this.#live.open();
    this.alerts.open();
    this.#examLink.open();
  }

  close(): void {
    clearInterval(this.#clock);
    this.ends.close();
    this.#refresh.close();
    this.#flushing.close();
    this.#live.close();
    this.alerts.close();
    this.#examLink.close();
  }

  /** Takes back the connections that another window of this teacher has replaced. */
  takeBack(): void {
    const isReplaced = (link: LinkState): boolean => link.state === 'over' && link.reason === 'replaced';
    if (isReplaced(this.links.alerts.peek())) this.alerts.open();
    if (!isReplaced(this.links.exam.peek())) return;
    this.#examLink.open();
    this.#refresh.request();
  }

  /** Replaces the enrolled students, after the exam was read again. */
  setStudents(students: ExamState['students']): void {
    this.#collection.setStudents(students);
    this.#changeSeats();
  }

  /** Requests live readings of the sessions whose tiles are on screen, and of no others. */
  show(sessionIds: readonly string[]): void {
    this.#visible = sessionIds;
    this.#subscribe();
  }

  /** Also keeps the history of this student's readings; null: of no student. */
  openStudent(sessionId: string | null): void {
    this.#opened = sessionId;
    this.readings.open(sessionId);
    this.#subscribe();
    if (sessionId !== null && this.#exam.policy?.live_view !== 'none') void this.#addEarlier(sessionId);
  }

  async #addEarlier(sessionId: string): Promise<void> {
    const earlier = await earlierReadings(sessionId, this.serverNowMs - minuteSeconds * 1000);
    this.readings.addEarlier(sessionId, earlier);
  }

  /** The server's clock, milliseconds since the Unix epoch; ticks once a second. */
  get serverNowMs(): number {
    return this.nowMs.value + this.#clockOffsetMs;
  }

  /** Reads the exam again, soon. */
  refresh(): void {
    this.#refresh.request();
  }

  #setClock({ server_time: serverTime }: ExamState): void {
    const serverMs = Date.parse(serverTime);
    if (!Number.isNaN(serverMs)) this.#clockOffsetMs = serverMs - Date.now();
  }

  #unseenNow(): string[] {
    const nowMs = this.serverNowMs;
    return [...this.readings.gaps.value]
      .filter(([, { sinceMs, reason }]) => reason !== 'paused' && nowMs - sinceMs >= unseenRiseMs)
      .map(([sessionId]) => sessionId);
  }

  #createLiveLink(onState: (state: LinkState) => void): LiveLink {
    return new LiveLink({
      pin: this.#exam.pin,
      state: onState,
      sentinels: (sentinels) => {
        this.#collection.setPresent(sentinels, Date.now());
        this.#changeSeats();
        this.#subscribe();
        void this.#owners.resolve();
      },
      frames: (frames) => this.readings.receive(frames, Date.now()),
      unobserved: (sentinels) => this.readings.receiveUnobserved(sentinels),
    });
  }

  #createExamLink(onState: (state: LinkState) => void): ExamLink {
    return new ExamLink({
      examId: this.#exam.exam_id,
      state: onState,
      message: (message) => {
        const effect = applyExamMessage(this.#collection, message);
        if (effect === 'refresh') this.#refresh.request();
        if (effect === 'seats_changed') this.#changeSeats();
      },
    });
  }

  #changeSeats(): void {
    this.#seatsChanged = true;
    this.#flushing.request();
  }

  #subscribe(): void {
    const wanted = [...this.#visible, ...(this.#opened === null ? [] : [this.#opened])];
    this.#live.watch(new Set(wanted.filter((sessionId) => this.#collection.sessions.get(sessionId)?.isPresent)));
  }

  #flush(): void {
    if (this.#seatsChanged) {
      this.#seatsChanged = false;
      this.seats.value = seatsOf(this.#collection);
    }
    this.alerts.flush();
    this.readings.flush();
  }
}
