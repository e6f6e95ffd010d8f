import type { Report } from '@invigil/protocol/report';
import { clockText } from '../page/duration-text.ts';
import { observationName } from '../words/observation-words.ts';
import { evidenceTexts } from './evidence-texts.ts';

const texts = evidenceTexts.alerts;

interface AlertsViewProps {
  alerts: NonNullable<Report['alerts']>;
  /** Of the session, Unix epoch. */
  startMs: number;
}

/** The alerts that proctors got during the exam, including those that the final analysis does not support. */
export const AlertsView = ({ alerts, startMs }: AlertsViewProps) => (
  <section class="card" aria-labelledby="alerts" data-testid="alerts">
    <h2 id="alerts">{texts.title}</h2>
    {alerts.length === 0 ? <p class="soft">{texts.none}</p> : null}
    <ul>
      {alerts.map(({ observation_id: id, type, raised_at: raisedAt, unsupported_reason: reason }) => (
        <li key={id}>
          {texts.raised(observationName(type), clockText(Math.max(0, (Date.parse(raisedAt) - startMs) / 1000)))}
          {reason === null ? null : (
            <span class="soft">
              {' '}
              <strong>{texts.unsupported}</strong>: {texts.reasons[reason]}.
            </span>
          )}
        </li>
      ))}
    </ul>
  </section>
);
