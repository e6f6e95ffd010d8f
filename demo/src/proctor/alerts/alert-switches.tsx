import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { observationName } from '../../words/observation-words.ts';
import { onLostConnection } from './lost-connections.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { alertSignals, allowNotifications, notify, switchSignal } from './alert-signals.ts';
import { createAlertSound } from './alert-sound.ts';

interface AlertSwitchesProps {
  watch: ExamWatch;
  nameOf: (sessionId: string) => string;
}

/** Sound and desktop notifications for new alerts. */
export const AlertSwitches = ({ watch, nameOf }: AlertSwitchesProps) => {
  const sound = useMemo(createAlertSound, []);
  const isDenied = useSignal(false);
  useEffect(() => {
    const stop = watch.alerts.onNewAlert(({ sessionId, result }) => {
      if (alertSignals.sound.peek()) sound.play();
      if (alertSignals.notification.peek()) {
        notify(alertTexts.newAlert(observationName(result.observation.type), nameOf(sessionId)));
      }
    });
    const stopLost = onLostConnection(watch, (names) => {
      if (alertSignals.sound.peek()) sound.play();
      if (alertSignals.notification.peek()) notify(alertTexts.newAlert(alertTexts.lostTitle, names.join(', ')));
    });
    return () => {
      stop();
      stopLost();
      sound.close();
    };
  }, [watch]);
  const isWanted = useRef(false);
  const switchNotifications = async (isOn: boolean): Promise<void> => {
    isWanted.current = isOn;
    const isAllowed = !isOn || (await allowNotifications());
    // Switched off again before the browser's question was answered.
    if (isWanted.current !== isOn) return;
    isDenied.value = !isAllowed;
    switchSignal('notification', isOn && isAllowed);
  };
  return (
    <div class="alert-switches">
      <label>
        <input
          type="checkbox"
          checked={alertSignals.sound.value}
          onChange={(event) => {
            switchSignal('sound', event.currentTarget.checked);
            if (alertSignals.sound.peek()) sound.play();
          }}
        />
        {proctorTexts.alerts.sound}
      </label>
      <label>
        <input
          type="checkbox"
          checked={alertSignals.notification.value}
          onChange={(event) => void switchNotifications(event.currentTarget.checked)}
        />
        {alertTexts.notify}
      </label>
      <span role="status" class="small">
        {isDenied.value ? alertTexts.notifyDenied : null}
      </span>
    </div>
  );
};
