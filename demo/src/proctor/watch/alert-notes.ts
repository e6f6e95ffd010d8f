import { signal } from '@preact/signals';
import type { AcknowledgedAlert } from './alert-board.ts';

/** A note that was being typed when its alert was acknowledged without it. The server accepts no later note. */
interface UnsavedNote {
  alert: AcknowledgedAlert;
  text: string;
}

/** Notes on alerts while they are being typed. They are kept here because a row goes when its alert is filtered out or acknowledged. */
export class AlertNotes {
  /** By alert. */
  readonly drafts = signal<ReadonlyMap<string, string>>(new Map());
  readonly unsaved = signal<readonly UnsavedNote[]>([]);

  write(alertId: string, text: string): void {
    this.drafts.value = new Map(this.drafts.peek()).set(alertId, text);
  }

  /** Deletes a note, whether its alert is open or not. */
  discard(alertId: string): void {
    const drafts = new Map(this.drafts.peek());
    if (drafts.delete(alertId)) this.drafts.value = drafts;
    this.unsaved.value = this.unsaved.peek().filter(({ alert }) => alert.alertId !== alertId);
  }

  acknowledged(alert: AcknowledgedAlert): void {
    const text = this.drafts.peek().get(alert.alertId)?.trim() ?? '';
    this.discard(alert.alertId);
    if (text !== '' && text !== alert.note) this.unsaved.value = [...this.unsaved.peek(), { alert, text }];
  }
}
