import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { clockText } from '../../page/duration-text.ts';
import { observationName } from '../../words/observation-words.ts';
import type { OpenAlert, AcknowledgedAlert } from '../watch/alert-board.ts';
import { createAlertSound } from './alert-sound.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import './alerts.css';

const texts = proctorTexts.alerts;

/** Further alerts are counted, and appear as the first ones are acknowledged. */
const listedAlerts = 50;

const timeText = (iso: string): string => new Date(iso).toLocaleTimeString();

interface RowProps {
  alert: OpenAlert;
  name: string;
  nowMs: number;
  take: () => void;
  open: () => void;
}

const AlertRow = ({ alert: { result, thumbnail, isAcknowledging }, name, nowMs, take, open }: RowProps) => {
  const what = observationName(result.observation.type);
  const sinceS = Math.max(0, (nowMs - Date.parse(result.raised_at)) / 1000);
  return (
    <li class="alert" data-alert={result.alert_id}>
      <p>
        <strong>{what}</strong>{' '}
        <span class="number soft" translate={false}>
          {clockText(sinceS)}
        </span>
      </p>
      <p>
        <span translate={false}>{name}</span>
        {result.escalated ? <span class="soft"> · {texts.escalated}</span> : null}
      </p>
      {thumbnail === null ? null : (
        <img src={`data:image/jpeg;base64,${thumbnail}`} alt={proctorTexts.student.thumbnail(name)} />
      )}
      <div class="buttons">
        <button
          type="button"
          class="button small"
          disabled={isAcknowledging}
          aria-label={texts.takeLabel(what, name)}
          onClick={take}
        >
          {isAcknowledging ? texts.taking : texts.take}
        </button>
        <button type="button" class="button quiet small" aria-label={texts.showLabel(name)} onClick={open}>
          {texts.show}
        </button>
      </div>
    </li>
  );
};

const Taken = ({ taken, nameOf }: { taken: readonly AcknowledgedAlert[]; nameOf: (sessionId: string) => string }) => (
  <details data-testid="taken">
    <summary>
      {texts.taken}{' '}
      <span class="number soft" translate={false}>
        {taken.length}
      </span>
    </summary>
    <ul class="taken">
      {taken.map(({ alertId, sessionId, result, by, at }) => (
        <li key={alertId}>
          {observationName(result.observation.type)}, {nameOf(sessionId)}
          <span class="soft"> – {texts.takenBy(by, timeText(at))}</span>
        </li>
      ))}
    </ul>
  </details>
);

/** Open alerts, and acknowledged ones with who acknowledged them. */
export const AlertList = ({ watch, open }: { watch: ExamWatch; open: (sessionId: string) => void }) => {
  const hasSound = useSignal(false);
  const sound = useMemo(createAlertSound, []);
  useEffect(() => {
    const stop = watch.alerts.onNewAlert(() => {
      if (hasSound.peek()) sound.play();
    });
    return () => {
      stop();
      sound.close();
    };
  }, [watch]);
  const names = new Map(watch.seats.value.map(({ sessionId, name }) => [sessionId, name]));
  const { open: alerts, taken } = watch.alerts.board.value;
  const nowMs = alerts.size === 0 ? 0 : watch.nowMs.value;
  const nameOf = (sessionId: string): string => names.get(sessionId) ?? sessionId;
  return (
    <aside class="card alerts" aria-labelledby="alerts">
      <div class="alerts-head">
        <h2 id="alerts">{texts.title}</h2>
        <label>
          <input
            type="checkbox"
            checked={hasSound.value}
            onChange={(event) => {
              hasSound.value = event.currentTarget.checked;
              if (hasSound.value) sound.play();
            }}
          />
          {texts.sound}
        </label>
      </div>
      <p class="soft" role="status" data-testid="open-alerts">
        {alerts.size === 0 ? texts.none : texts.open(alerts.size)}
      </p>
      <ul class="open-alerts">
        {[...alerts].slice(0, listedAlerts).map(([alertId, alert]) => (
          <AlertRow
            key={alertId}
            alert={alert}
            name={names.get(alert.sessionId) ?? alert.result.member_id ?? alert.sessionId}
            nowMs={nowMs}
            take={() => watch.alerts.acknowledge(alertId)}
            open={() => open(alert.sessionId)}
          />
        ))}
      </ul>
      {taken.length === 0 ? null : <Taken taken={taken} nameOf={nameOf} />}
    </aside>
  );
};
