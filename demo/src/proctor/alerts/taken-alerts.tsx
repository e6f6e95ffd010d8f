import { observationName } from '../../words/observation-words.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { AcknowledgedAlert } from '../watch/alert-board.ts';
import { pageLocale } from '../../page/language.ts';

const texts = proctorTexts.alerts;
const timeText = (iso: string): string => new Date(iso).toLocaleTimeString(pageLocale);

const resultText = ({ outcome, note }: AcknowledgedAlert): string =>
  [outcome === null ? null : alertTexts.outcomes[outcome], note].filter((part) => part !== null).join(': ');

interface TakenAlertsProps {
  taken: readonly AcknowledgedAlert[];
  nameOf: (sessionId: string) => string;
}

/** Acknowledged alerts: who took them, and what became of them. */
export const TakenAlerts = ({ taken, nameOf }: TakenAlertsProps) => (
  <details data-testid="taken">
    <summary>
      {texts.taken}{' '}
      <span class="number soft" translate={false}>
        {taken.length}
      </span>
    </summary>
    <ul class="taken">
      {taken.map((alert) => (
        <li key={alert.alertId}>
          {observationName(alert.result.observation.type)}, {nameOf(alert.sessionId)}
          <span class="soft"> – {texts.takenBy(alert.by, timeText(alert.at))}</span>
          {resultText(alert) === '' ? null : <strong> {resultText(alert)}</strong>}
        </li>
      ))}
    </ul>
  </details>
);
