import type { ServerAlertsMessage, ServerExamMessage } from '@invigil/protocol/channels';
import { batch, computed, signal } from '@preact/signals';
import { AlertsLink } from '../alerts/alerts-link.ts';
import { alertsBySession, emptyBoard, markTaking, stepBoard, unmarkTaking } from '../alerts/alert-board.ts';
import { AnimationBatch } from '../wall/animation-batch.ts';
import { fetchExam, memberOfSession } from './exam-api.ts';
import type { ExamState } from './exam-api.ts';
import { ExamLink } from './exam-link.ts';
import { LiveLink } from '../wall/live-link.ts';
import { LiveReadings } from '../wall/live-readings.ts';
import { SeatCollection } from '../wall/seat-collection.ts';
import { orderSeats } from '../wall/seat-order.ts';
import type { SeatFilter } from '../wall/seat-order.ts';
import { ambiguousSessions, seatsOf } from '../wall/seat.ts';
import type { Seat } from '../wall/seat.ts';
import type { LinkState } from '../socket-link.ts';

/** News that the whole state of the exam is needed for come in rows. */
const readAgainAfterMs = 500;
const tickMs = 1000;

export interface ExamWatchOptions {
  exam: ExamState;
  /** The exam's state changed in a way that is read anew. */
  changed: (exam: ExamState) => void;
}

export type ExamWatch = ReturnType<typeof watchExam>;

/** Follows one exam: who is there, their readings as far as they are looked at, and its alerts. */
export const watchExam = ({ exam, changed }: ExamWatchOptions) => {
  const examId = exam.exam_id;
  const collection = new SeatCollection(exam.pin !== null);
  const connecting: LinkState = { state: 'connecting' };
  const links = {
    live: signal<LinkState>(connecting),
    alerts: signal<LinkState>(connecting),
    exam: signal<LinkState>(connecting),
  };
  const seats = signal<readonly Seat[]>([]);
  const board = signal(emptyBoard);
  const filter = signal<SeatFilter>('all');
  const search = signal('');
  const nowMs = signal(Date.now());
  const alerts = computed(() => alertsBySession(board.value));
  const ordered = computed(() =>
    orderSeats(seats.value, { filter: filter.value, search: search.value, alerts: alerts.value }),
  );

  let seatsChanged = true;
  let nextBoard = emptyBoard;
  const flushing = new AnimationBatch(() =>
    batch(() => {
      if (seatsChanged) {
        seatsChanged = false;
        seats.value = seatsOf(collection);
      }
      board.value = nextBoard;
      readings.flush();
    }),
  );
  const readings = new LiveReadings(() => flushing.ask());

  const seatsDiffer = (): void => {
    seatsChanged = true;
    flushing.ask();
  };

  const asked = new Set<string>();
  const askWhoseTheyAre = async (): Promise<void> => {
    for (const sessionId of ambiguousSessions(collection)) {
      if (asked.has(sessionId)) continue;
      asked.add(sessionId);
      const member = await memberOfSession(sessionId);
      if (member === null) continue;
      collection.members.set(sessionId, member);
      seatsDiffer();
    }
  };

  let reading: ReturnType<typeof setTimeout> | undefined;
  const readAgain = (): void => {
    reading ??= setTimeout(async () => {
      reading = undefined;
      const answer = await fetchExam(examId);
      // Without an answer the next news, or the next connection, asks again.
      if (!answer.ok) return;
      collection.setStudents(answer.value.students);
      seatsDiffer();
      changed(answer.value);
    }, readAgainAfterMs);
  };

  const takeExamNews = (message: ServerExamMessage): void => {
    switch (message.type) {
      case 'connected':
      case 'session_status_changed':
        return readAgain();
      case 'participant_joined':
        if (!collection.students.has(message.student_id)) readAgain();
        return;
      case 'violation':
        if (!collection.change(message.student_id, { pageViolations: message.total_count })) return readAgain();
        return seatsDiffer();
      case 'student_submitted':
        if (!collection.change(message.student_id, { hasSubmitted: true })) return readAgain();
        return seatsDiffer();
      default:
    }
  };

  const heard = new Set<() => void>();
  const takeAlerts = (message: ServerAlertsMessage): void => {
    const before = nextBoard;
    nextBoard = stepBoard(nextBoard, message, examId);
    if (message.type === 'anomaly_detected' && nextBoard !== before) {
      const { member_id: memberId, alert_id: alertId } = message.result;
      if (memberId !== null && collection.members.get(message.stream_id) !== memberId) {
        collection.members.set(message.stream_id, memberId);
        seatsChanged = true;
      }
      if (!before.open.has(alertId)) for (const listener of heard) listener();
    }
    if (nextBoard !== before || seatsChanged) flushing.ask();
  };

  const live = new LiveLink({
    pin: exam.pin,
    state: (state) => (links.live.value = state),
    sentinels(sentinels) {
      collection.setPresent(sentinels);
      seatsDiffer();
      watchWanted();
      void askWhoseTheyAre();
    },
    frames: (frames) => readings.take(frames, Date.now()),
  });
  const alertsLink = new AlertsLink({
    message: takeAlerts,
    state(state) {
      links.alerts.value = state;
      if (state.state !== 'waiting') return;
      nextBoard = unmarkTaking(nextBoard);
      flushing.ask();
    },
  });
  const examLink = new ExamLink({ examId, message: takeExamNews, state: (state) => (links.exam.value = state) });

  let visible: readonly string[] = [];
  let opened: string | null = null;
  const watchWanted = (): void => {
    const wanted = opened === null ? visible : [...visible, opened];
    live.watch(new Set(wanted.filter((sessionId) => collection.sessions.get(sessionId)?.isPresent)));
  };

  let ticking: ReturnType<typeof setInterval> | undefined;

  return {
    links,
    seats,
    ordered,
    board,
    alerts,
    filter,
    search,
    nowMs,
    readings,
    open(): void {
      collection.setStudents(exam.students);
      seatsDiffer();
      ticking = setInterval(() => (nowMs.value = Date.now()), tickMs);
      live.open();
      alertsLink.open();
      examLink.open();
    },
    close(): void {
      clearInterval(ticking);
      clearTimeout(reading);
      flushing.close();
      live.close();
      alertsLink.close();
      examLink.close();
    },
    /** The exam's list of students was read anew. */
    setStudents(students: ExamState['students']): void {
      collection.setStudents(students);
      seatsDiffer();
    },
    /** Whose readings are wanted: of the sessions whose tiles are on the screen, and no others. */
    show(sessionIds: readonly string[]): void {
      visible = sessionIds;
      watchWanted();
    },
    /** One student in full; null: nobody. */
    openStudent(sessionId: string | null): void {
      opened = sessionId;
      readings.open(sessionId);
      watchWanted();
    },
    acknowledge(alertId: string): void {
      const alert = nextBoard.open.get(alertId);
      if (alert === undefined || links.alerts.peek().state !== 'open') return;
      alertsLink.acknowledge(alert.sessionId, alertId);
      nextBoard = markTaking(nextBoard, alertId);
      flushing.ask();
    },
    /** The alerts come to this window again. */
    takeAlertsBack: (): void => alertsLink.open(),
    /** @returns the way to stop. */
    onNewAlert(listener: () => void): () => void {
      heard.add(listener);
      return () => heard.delete(listener);
    },
  };
};
