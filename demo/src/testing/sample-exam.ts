import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import type { ExamState, ExamStudent } from '../api/exam-api.ts';

export const sampleStudent = (id: string, name: string, change: Partial<ExamStudent> = {}): ExamStudent => {
  const student: Partial<ExamStudent> = {
    student_id: id,
    student_name: name,
    connected: false,
    answered_questions: 0,
    violations: {},
    submission: null,
    check: null,
    sessions: [],
    ...change,
  };
  return student as ExamStudent;
};

export const sampleExam = (students: ExamStudent[], change: Partial<ExamState> = {}): ExamState => {
  const exam: Partial<ExamState> = {
    exam_id: 'physics',
    title: 'Physics I',
    status: 'IN_PROGRESS',
    pin: null,
    created_at: '2026-01-05T08:00:00.000Z',
    started_at: '2026-01-05T09:00:00.000Z',
    students,
    requests: [],
    ...change,
  };
  return exam as ExamState;
};

/** A phone was visible in a session. */
export const phoneAlert = (
  alertId: string,
  sessionId: string,
  {
    memberId = null,
    examId = 'physics',
    at = '2026-01-05T09:00:00.000Z',
    escalated = false,
    durationS = null,
  }: {
    memberId?: string | null;
    examId?: string;
    at?: string;
    escalated?: boolean;
    durationS?: number | null;
  } = {},
): ServerAlertsMessage => ({
  type: 'anomaly_detected',
  stream_id: sessionId,
  timestamp: at,
  result: {
    alert_id: alertId,
    exam_id: examId,
    member_id: memberId,
    raised_at: at,
    escalated,
    duration_s: durationS,
    observation: {
      id: `phone_visible-${alertId}`,
      type: 'phone_visible',
      from_ms: 0,
      to_ms: 1000,
      confidence: 0.8,
      measured: {},
      evidence: { first: '1', strongest: '2', last: '3' },
      frames: 3,
    },
  },
});

export const acknowledged = (alertId: string, sessionId: string, by = 'grace'): ServerAlertsMessage => ({
  type: 'alert_acknowledged',
  stream_id: sessionId,
  alert_id: alertId,
  user_id: by,
  outcome: null,
  note: null,
  timestamp: '2026-01-05T09:01:00.000Z',
});
