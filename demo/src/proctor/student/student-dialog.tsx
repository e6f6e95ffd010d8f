import type { ExamPolicy } from '@invigil/protocol/channels';
import { signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LiveNumbers } from '../../page/live-numbers.tsx';
import { endSession } from '../../api/session-api.ts';
import { withSession } from '../../sessions/session-in-address.ts';
import { observationName } from '../../words/observation-words.ts';
import { ConfirmDialog } from '../../page/confirm-dialog.tsx';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { noReadings } from '../watch/live-readings.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { deliveryOf, observedText } from '../wall/seat-status.ts';
import { rememberEnded } from '../watch/ended-here.ts';
import type { Seat } from '../watch/seat.ts';
import { studentCharts } from './student-charts.ts';
import { StudentGuidance } from './student-guidance.tsx';
import { TraceChart } from './trace-chart.tsx';
import './student.css';

const texts = proctorTexts.student;
const nothing = signal(noReadings);

interface StudentDialogProps {
  watch: ExamWatch;
  seat: Seat;
  policy: ExamPolicy;
  close: () => void;
}

const Alerts = ({ watch, sessionId }: { watch: ExamWatch; sessionId: string }) => {
  const alerts = [...watch.alerts.board.value.open].filter(([, alert]) => alert.sessionId === sessionId);
  if (alerts.length === 0) return null;
  return (
    <ul class="dialog-alerts">
      {alerts.map(([alertId, { result, isAcknowledging }]) => (
        <li key={alertId}>
          <strong>{observationName(result.observation.type)}</strong>
          <button
            type="button"
            class="button small"
            disabled={isAcknowledging}
            onClick={() => watch.alerts.acknowledge(alertId)}
          >
            {isAcknowledging ? proctorTexts.alerts.taking : proctorTexts.alerts.take}
          </button>
        </li>
      ))}
    </ul>
  );
};

const EndSession = ({ sessionId }: { sessionId: string }) => {
  const state = useSignal<'idle' | 'asking' | 'ending' | 'ended' | 'failed'>('idle');
  const answered = async (isYes: boolean): Promise<void> => {
    if (!isYes) {
      state.value = 'idle';
      return;
    }
    state.value = 'ending';
    const answer = await endSession(sessionId);
    if (answer.ok) rememberEnded(sessionId);
    state.value = answer.ok ? 'ended' : 'failed';
  };
  if (state.value === 'ended') return <p role="status">{texts.ended}</p>;
  return (
    <>
      <button
        type="button"
        class="button quiet"
        disabled={state.value === 'ending'}
        onClick={() => (state.value = 'asking')}
      >
        {texts.end}
      </button>
      {state.value === 'failed' ? <p role="alert">{texts.endFailed}</p> : null}
      {state.value === 'asking' ? (
        <ConfirmDialog
          question={texts.endSure}
          yes={texts.endYes}
          no={texts.endNo}
          answered={(is) => void answered(is)}
        />
      ) : null}
    </>
  );
};

const LiveView = ({ watch, seat, policy }: Omit<StudentDialogProps, 'close'>) => {
  const live = (seat.sessionId === null ? nothing : watch.readings.of(seat.sessionId)).value;
  const history = watch.readings.history.value;
  if (policy.live_view === 'none') return <p>{texts.policyNone}</p>;
  if (!seat.isPresent && history.length === 0) return <p>{texts.noLive}</p>;
  return (
    <div class="student-live">
      <section aria-labelledby="charts">
        <h3 id="charts">{texts.charts}</h3>
        {studentCharts.map((spec) => (
          <TraceChart key={spec.title} spec={spec} history={history} />
        ))}
      </section>
      <section aria-labelledby="numbers-now">
        <h3 id="numbers-now">{texts.now}</h3>
        {live.thumbnail === null ? null : (
          <img src={`data:image/jpeg;base64,${live.thumbnail}`} alt={texts.thumbnail(seat.name)} />
        )}
        <p>{observedText(live) ?? proctorTexts.wall.unknown}</p>
        <LiveNumbers frame={live.features} />
      </section>
    </div>
  );
};

/** One student in full. Escape closes it and returns the focus to the wall. */
export const StudentDialog = ({ watch, seat, policy, close }: StudentDialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const { sessionId } = seat;
  const live = (sessionId === null ? nothing : watch.readings.of(sessionId)).value;
  return (
    <dialog ref={dialog} class="student" aria-labelledby="student-name" onClose={close} data-student={seat.key}>
      <div class="student-head">
        <h2 id="student-name" translate={false}>
          {seat.name}
        </h2>
        <button type="button" class="button quiet small" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
      <p class="soft">
        {seat.studentId === null || seat.studentId === seat.name ? null : `${texts.number} ${seat.studentId} · `}
        {deliveryOf(seat, live, watch.nowMs.value).text}
        {` · ${texts.page}: ${seat.pageViolations === 0 ? texts.nothing : seat.pageViolations}`}
      </p>
      {sessionId === null ? null : <Alerts watch={watch} sessionId={sessionId} />}
      <LiveView watch={watch} seat={seat} policy={policy} />
      {sessionId === null ? null : (
        <StudentGuidance key={sessionId} sessionId={sessionId} policy={policy} isPresent={seat.isPresent} />
      )}
      {sessionId === null ? null : (
        <div class="buttons">
          <a class="button quiet" href={withSession('/report/', sessionId)}>
            {texts.report}
          </a>
          <EndSession sessionId={sessionId} />
        </div>
      )}
      <p class="soft small">{proctorTexts.decides}</p>
    </dialog>
  );
};
