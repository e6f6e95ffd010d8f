import type { ObservationType } from '@invigil/protocol/rules';
import { computed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { wholeSecondsText } from '../../page/duration-text.ts';
import { observationName } from '../../words/observation-words.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { groupAlerts, typesOf } from './alert-groups.ts';
import type { AlertGroup } from './alert-groups.ts';
import { AlertRow } from './alert-row.tsx';
import { AlertSwitches } from './alert-switches.tsx';
import { lostConnections } from './lost-connections.ts';
import { TakenAlerts } from './taken-alerts.tsx';
import { UnsavedNotes } from './unsaved-notes.tsx';
import './alerts.css';

const texts = proctorTexts.alerts;

/** Further alerts are counted, and appear as the first ones are acknowledged. */
const listedAlerts = 50;

interface GroupProps {
  watch: ExamWatch;
  group: AlertGroup;
  name: string;
  nowMs: number;
  open: (sessionId: string) => void;
}

const Show = ({ name, open }: { name: string; open: () => void }) => (
  <button type="button" class="button quiet small show" aria-label={texts.showLabel(name)} onClick={open}>
    {texts.show}
  </button>
);

const Group = ({ watch, group: { sessionId, alerts }, name, nowMs, open }: GroupProps) => (
  <li class="alert-group">
    <div class="alert-student">
      <h3 translate={false}>{name}</h3>
      {alerts.length === 1 ? null : <span class="soft small">{alertTexts.count(alerts.length)}</span>}
      <Show name={name} open={() => open(sessionId)} />
    </div>
    <ul>
      {alerts.map(([alertId, alert]) => (
        <AlertRow
          key={alertId}
          alert={alert}
          name={name}
          nowMs={nowMs}
          notes={watch.alerts.notes}
          take={(outcome, note) => watch.alerts.acknowledge(alertId, outcome, note)}
        />
      ))}
    </ul>
  </li>
);

/** Lost connections, as alerts of their own; they leave the list by themselves. */
const LostList = ({ watch, open }: { watch: ExamWatch; open: (sessionId: string) => void }) => {
  // Rendered only when a text changes.
  const lines = useMemo(
    () =>
      computed(() =>
        JSON.stringify(
          lostConnections(watch.seats.value, watch.nowMs.value)
            .slice(0, listedAlerts)
            .map(({ seat, sinceMs }) => {
              const duration = wholeSecondsText((watch.nowMs.value - sinceMs) / 1000);
              return [seat.sessionId ?? '', seat.name, alertTexts.lostFor(duration)];
            }),
        ),
      ),
    [watch],
  ).value;
  const lost = JSON.parse(lines) as [sessionId: string, name: string, duration: string][];
  return (
    <>
      {lost.map(([sessionId, name, duration]) => (
        <li key={sessionId} class="alert-group lost" data-testid="lost">
          <div class="alert-student">
            <h3 translate={false}>{name}</h3>
            <Show name={name} open={() => open(sessionId)} />
          </div>
          <p>
            {alertTexts.lostTitle}{' '}
            <span class="number soft" translate={false}>
              {duration}
            </span>
          </p>
        </li>
      ))}
    </>
  );
};

interface TypeFilterProps {
  types: readonly ObservationType[];
  chosen: ObservationType | null;
  choose: (type: ObservationType | null) => void;
}

const TypeFilter = ({ types, chosen, choose }: TypeFilterProps) => (
  <select
    aria-label={alertTexts.type}
    value={chosen ?? ''}
    onChange={(event) => choose(types.find((type) => type === event.currentTarget.value) ?? null)}
  >
    <option value="">{alertTexts.allTypes}</option>
    {types.map((type) => (
      <option key={type} value={type}>
        {observationName(type)}
      </option>
    ))}
  </select>
);

/** Open alerts by student, lost connections, notes that could not be saved, and acknowledged alerts with who took them. */
export const AlertList = ({ watch, open }: { watch: ExamWatch; open: (sessionId: string) => void }) => {
  const type = useSignal<ObservationType | null>(null);
  const names = new Map(watch.seats.value.map(({ sessionId, name }) => [sessionId, name]));
  const { open: alerts, taken } = watch.alerts.board.value;
  const types = typesOf(alerts);
  // A type whose last alert was taken shows all again.
  const chosen = type.value !== null && types.includes(type.value) ? type.value : null;
  const nowMs = alerts.size === 0 ? 0 : watch.serverNowMs;
  const nameOf = (sessionId: string): string => names.get(sessionId) ?? sessionId;
  return (
    <aside class="card alerts" aria-labelledby="alerts">
      <div class="alerts-head">
        <h2 id="alerts">{texts.title}</h2>
        <AlertSwitches watch={watch} nameOf={(sessionId) => nameOfSeat(watch, sessionId)} />
      </div>
      <p class="soft" role="status" data-testid="open-alerts">
        {alerts.size === 0 ? texts.none : texts.open(alerts.size)}
      </p>
      {types.length < 2 ? null : <TypeFilter types={types} chosen={chosen} choose={(next) => (type.value = next)} />}
      <ul class="open-alerts">
        <UnsavedNotes notes={watch.alerts.notes} nameOf={nameOf} />
        {groupAlerts(alerts, chosen, listedAlerts).map((group) => (
          <Group
            key={group.sessionId}
            watch={watch}
            group={group}
            name={names.get(group.sessionId) ?? group.alerts[0]?.[1].result.member_id ?? group.sessionId}
            nowMs={nowMs}
            open={open}
          />
        ))}
        <LostList watch={watch} open={open} />
      </ul>
      {taken.length === 0 ? null : <TakenAlerts taken={taken} nameOf={nameOf} />}
    </aside>
  );
};

const nameOfSeat = (watch: ExamWatch, sessionId: string): string =>
  watch.seats.peek().find((seat) => seat.sessionId === sessionId)?.name ?? sessionId;
