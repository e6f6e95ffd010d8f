import type { ExamPolicy } from '@invigil/protocol/channels';
import { signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { LiveNumbers } from '../../page/live-numbers.tsx';
import { NewestRequest } from '../../page/newest-request.ts';
import { fetchAudit } from '../../api/session-api.ts';
import type { AuditEntry } from '../../api/session-api.ts';
import { withSession } from '../../sessions/session-in-address.ts';
import { observationName } from '../../words/observation-words.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { noReadings } from '../watch/live-readings.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { deliveryOf, observedText } from '../wall/seat-status.ts';
import type { Seat } from '../watch/seat.ts';
import { conversationOf } from './conversation.ts';
import { ConversationList } from './conversation-list.tsx';
import { EarlierObservations } from './earlier-observations.tsx';
import { EndSession } from './end-session.tsx';
import { ExtraMinutes } from './extra-minutes.tsx';
import { studentCharts } from './student-charts.ts';
import { StudentGuidance } from './student-guidance.tsx';
import { StudentSteps } from './student-steps.tsx';
import { TraceChart } from './trace-chart.tsx';
import './student.css';

const texts = proctorTexts.student;
const nothing = signal(noReadings);

interface StudentDialogProps {
  watch: ExamWatch;
  seat: Seat;
  policy: ExamPolicy;
  /** Shows another student; absent if there is no other. */
  step?: (seat: Seat) => void;
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

const LiveView = ({ watch, seat, policy }: Omit<StudentDialogProps, 'close' | 'step'>) => {
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

interface SessionPanelProps extends Omit<StudentDialogProps, 'close' | 'step'> {
  sessionId: string;
}

/** Messages, notes and earlier observations of the student's session. */
const SessionPanel = ({ watch, seat, policy, sessionId }: SessionPanelProps) => {
  const audit = useSignal<readonly AuditEntry[]>([]);
  const requests = useMemo(() => new NewestRequest(), []);
  const load = async (): Promise<void> => {
    const isNewest = requests.begin();
    const answer = await fetchAudit(sessionId);
    if (answer.ok && isNewest()) audit.value = answer.value;
  };
  const own = watch.state.value.requests.filter(({ student_id: id }) => id === seat.studentId);
  // Extra time and co-teachers' messages change the exam's state or follow a request.
  useEffect(() => void load(), [watch.state.value]);
  return (
    <>
      <StudentGuidance sessionId={sessionId} policy={policy} isPresent={seat.isPresent} onSent={() => void load()} />
      {seat.studentId === null ? null : <ExtraMinutes watch={watch} studentId={seat.studentId} />}
      <div class="session-history">
        <ConversationList entries={conversationOf(audit.value, own)} />
        <EarlierObservations sessionId={sessionId} />
      </div>
    </>
  );
};

/** One student in full. Escape closes it and returns the focus to the wall. */
export const StudentDialog = ({ watch, seat, policy, step, close }: StudentDialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const { sessionId } = seat;
  return (
    <dialog ref={dialog} class="student" aria-labelledby="student-name" onClose={close} data-student={seat.key}>
      <div class="student-head">
        <h2 id="student-name" translate={false}>
          {seat.name}
        </h2>
        <div class="student-buttons">
          {step === undefined ? null : <StudentSteps watch={watch} seat={seat} step={step} />}
          {sessionId === null ? null : (
            <>
              <a class="button quiet small" href={withSession('/report/', sessionId)}>
                {texts.report}
              </a>
              <EndSession ends={watch.ends} sessionId={sessionId} />
            </>
          )}
          <button type="button" class="button quiet small" onClick={() => dialog.current?.close()}>
            {texts.close}
          </button>
        </div>
      </div>
      <p class="soft">
        {seat.studentId === null || seat.studentId === seat.name ? null : `${texts.number} ${seat.studentId} · `}
        {deliveryOf(watch, seat).text}
        {` · ${texts.page}: ${seat.pageViolations === 0 ? texts.nothing : seat.pageViolations}`}
      </p>
      {sessionId === null ? null : <Alerts watch={watch} sessionId={sessionId} />}
      {sessionId === null ? null : (
        <SessionPanel key={sessionId} watch={watch} seat={seat} policy={policy} sessionId={sessionId} />
      )}
      <LiveView watch={watch} seat={seat} policy={policy} />
      <p class="soft small">{proctorTexts.decides}</p>
    </dialog>
  );
};
