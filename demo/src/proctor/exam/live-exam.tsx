import { computed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { AlertList } from '../alerts/alert-list.tsx';
import { lostConnections } from '../alerts/lost-connections.ts';
import type { ExamState } from '../../api/exam-api.ts';
import { useTabBadge } from '../../page/tab-badge.ts';
import { ExamWatch } from '../watch/exam-watch.ts';
import { RequestList } from './request-list.tsx';
import { GroupExtraTime } from './group-extra-time.tsx';
import { GroupMessage } from './group-message.tsx';
import { LinkNotices } from './link-notices.tsx';
import type { Seat } from '../watch/seat.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { StudentDialog } from '../student/student-dialog.tsx';
import { StatusStrip } from '../wall/status-strip.tsx';
import { WallSearch } from '../wall/wall-search.tsx';
import { Wall } from '../wall/wall.tsx';

interface LiveExamProps {
  exam: ExamState;
  changed: (exam: ExamState) => void;
}

/** The students of a running exam, its alerts, and one student in full. */
export const LiveExam = ({ exam, changed }: LiveExamProps) => {
  const watch = useMemo(() => new ExamWatch({ exam, onExam: changed }), [exam.exam_id]);
  const openKey = useSignal<string | null>(null);
  useEffect(() => {
    watch.open();
    return () => watch.close();
  }, [watch]);
  useEffect(() => {
    watch.state.value = exam;
  }, [exam]);
  useEffect(() => {
    const known = new Set(watch.seats.peek().map(({ key }) => key));
    // A student was added on this page.
    if (exam.students.some(({ student_id }) => !known.has(student_id))) watch.setStudents(exam.students);
  }, [exam.students]);

  const lostCount = useMemo(
    () => computed(() => lostConnections(watch.seats.value, watch.nowMs.value).length),
    [watch],
  );
  useTabBadge(watch.alerts.board.value.open.size + lostCount.value);

  const open = (seat: Seat | null): void => {
    openKey.value = seat?.key ?? null;
  };
  const openOf = (sessionId: string): void => {
    const seat = watch.seats.peek().find((candidate) => candidate.sessionId === sessionId);
    if (seat !== undefined) open(seat);
  };
  const opened = watch.seats.value.find(({ key }) => key === openKey.value);
  const openedSession = opened?.sessionId ?? null;
  // Also if the student starts a session, or another one, while the dialog is open.
  useEffect(() => watch.openStudent(openedSession), [watch, openedSession]);
  return (
    <>
      <LinkNotices watch={watch} />
      <RequestList
        exam={exam}
        openStudent={(studentId) => open(watch.seats.peek().find((seat) => seat.studentId === studentId) ?? null)}
      />
      <div class="wall-and-alerts">
        <section aria-labelledby="students">
          <h2 id="students">{proctorTexts.wall.title}</h2>
          <div class="wall-head">
            <StatusStrip watch={watch} />
            <GroupMessage watch={watch} />
            <GroupExtraTime watch={watch} />
          </div>
          <WallSearch watch={watch} />
          <Wall watch={watch} open={open} />
        </section>
        <AlertList watch={watch} open={openOf} />
      </div>
      {opened === undefined ? null : (
        <StudentDialog watch={watch} seat={opened} policy={exam.policy} step={open} close={() => open(null)} />
      )}
    </>
  );
};
