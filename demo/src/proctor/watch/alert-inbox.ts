import type { AlertOutcome, ServerAlertsMessage } from '@invigil/protocol/channels';
import { computed, signal } from '@preact/signals';
import { AlertsLink } from '../links/alerts-link.ts';
import type { LinkState } from '../links/socket-link.ts';
import {
  alertsBySession,
  emptyBoard,
  markAcknowledging,
  singleMessages,
  stepBoard,
  unmarkAcknowledging,
} from './alert-board.ts';
import type { AlertBoard, OpenAlert } from './alert-board.ts';
import { AlertNotes } from './alert-notes.ts';

export interface AlertInboxOptions {
  examId: string;
  /** An alert names the student who owns its session. */
  onOwner: (sessionId: string, memberId: string) => void;
  /** The board changed; `flush` publishes it. */
  onChange: () => void;
}

/** Receives and acknowledges the alerts of one exam. The board is published by `flush`, once per animation frame. */
export class AlertInbox {
  readonly linkState = signal<LinkState>({ state: 'connecting' });
  readonly board = signal(emptyBoard);
  readonly notes = new AlertNotes();
  readonly bySession = computed(() => alertsBySession(this.board.value));
  readonly #options: AlertInboxOptions;
  readonly #listeners = new Set<(alert: OpenAlert) => void>();
  readonly #link: AlertsLink;
  #next = emptyBoard;

  constructor(options: AlertInboxOptions) {
    this.#options = options;
    this.#link = new AlertsLink({
      message: (message) => this.receive(message),
      state: (state) => {
        this.linkState.value = state;
        if (state.state === 'waiting') this.#set(unmarkAcknowledging(this.#next));
      },
    });
  }

  /** Connects. Also moves the alerts back to this window after another one has taken them over. */
  open(): void {
    this.#link.open();
  }

  close(): void {
    this.#link.close();
  }

  receive(message: ServerAlertsMessage): void {
    for (const each of singleMessages(message)) this.#receiveOne(each);
  }

  #receiveOne(message: ServerAlertsMessage): void {
    const before = this.#next;
    const next = stepBoard(before, message, this.#options.examId);
    if (next === before) return;
    this.#set(next);
    const [newest] = next.taken;
    if (message.type === 'alert_acknowledged' && newest !== undefined) this.notes.acknowledged(newest);
    if (message.type !== 'anomaly_detected') return;
    const { member_id: memberId, alert_id: alertId } = message.result;
    if (memberId !== null) this.#options.onOwner(message.stream_id, memberId);
    const raised = next.open.get(alertId);
    if (raised !== undefined && !before.open.has(alertId)) for (const listener of this.#listeners) listener(raised);
  }

  /** Takes an alert, with what became of it if that is known already. @returns false while there is no connection */
  acknowledge(alertId: string, outcome: AlertOutcome | null = null, note: string | null = null): boolean {
    const alert = this.#next.open.get(alertId);
    // Somebody else has just taken it.
    if (alert === undefined) return true;
    if (this.linkState.peek().state !== 'open') return false;
    this.#link.acknowledge({ stream_id: alert.sessionId, alert_id: alertId, outcome, note });
    this.#set(markAcknowledging(this.#next, alertId));
    return true;
  }

  /** @returns a function that unsubscribes. */
  onNewAlert(listener: (alert: OpenAlert) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): void {
    this.board.value = this.#next;
  }

  #set(board: AlertBoard): void {
    this.#next = board;
    this.#options.onChange();
  }
}
