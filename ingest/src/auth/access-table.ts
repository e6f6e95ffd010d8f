/**
 * Who may do what, over every route and channel. This table is the only place that says so: the server asks it, the page
 * docs/reference/authorisation.md is printed from it, and a test walks through all of its cells against a running server.
 *
 * - `any`: always.
 * - `own`: what is the student's own: their session, their place in an exam, things in their own name.
 * - `enrolled`: exams in which the student is enrolled; a session token: the exam of its session.
 * - `taught`: exams that the teacher teaches, with all that is in them; and exams that nobody has made yet.
 * - `self`: in one's own name only, whatever the exam.
 * - `never`.
 */
export const REACHES = ['any', 'own', 'enrolled', 'taught', 'self', 'never'] as const;
export type Reach = (typeof REACHES)[number];

export const ROLES = ['anonymous', 'student', 'sessionToken', 'teacher', 'admin'] as const;
export type TableRole = (typeof ROLES)[number];

export interface Access extends Readonly<Record<TableRole, Reach>> {
  readonly what: string;
  /** Routes and channels that ask for it. */
  readonly doors: readonly string[];
}

const nobody = { anonymous: 'never', student: 'never', sessionToken: 'never' } as const;
const staff = { ...nobody, teacher: 'taught', admin: 'any' } as const;
const student = { anonymous: 'never', student: 'own', sessionToken: 'own', teacher: 'never', admin: 'any' } as const;
const everybody = { anonymous: 'any', student: 'any', sessionToken: 'any', teacher: 'any', admin: 'any' } as const;

export const accessTable = {
  'server.look': {
    what: 'Pages, model weights, health, metrics, schemas, descriptions of the interfaces',
    doors: [
      'GET /',
      'GET /models/…',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /api/v1/schemas/report.json',
      'GET /openapi.json',
      'GET /asyncapi.json',
      'GET /docs',
    ],
    ...everybody,
  },
  'session.start': {
    what: 'Begin a proctoring session for a student',
    doors: ['POST /api/v1/session/start'],
    anonymous: 'never',
    student: 'own',
    sessionToken: 'never',
    teacher: 'taught',
    admin: 'any',
  },
  'session.send': {
    what: 'Send frames; they come from the student’s own device, never from a teacher’s',
    doors: ['WS /api/v1/session/ws/{session_id}', 'POST /api/v1/session/ws/fallback'],
    ...student,
  },
  'session.read': {
    what: 'Status, analysis and report of a session',
    doors: [
      'GET /api/v1/session/{session_id}',
      'POST /api/v1/session/{session_id}/analyze',
      'GET /api/v1/session/{session_id}/report',
      'GET /api/v1/session/{session_id}/report/observations.csv',
      'GET /api/v1/session/{session_id}/reports',
      'GET /api/v1/session/{session_id}/review',
    ],
    anonymous: 'never',
    student: 'own',
    sessionToken: 'own',
    teacher: 'taught',
    admin: 'any',
  },
  'session.end': {
    what: 'End a session',
    doors: ['POST /api/v1/session/{session_id}/end'],
    anonymous: 'never',
    student: 'own',
    sessionToken: 'own',
    teacher: 'taught',
    admin: 'any',
  },
  'session.guide': {
    what: 'Speak to a student who sits an exam, ask for a break, note something for the report',
    doors: [
      'POST /api/v1/session/{session_id}/messages',
      'POST /api/v1/session/{session_id}/break',
      'POST /api/v1/session/{session_id}/flags',
    ],
    ...staff,
  },
  'report.review': {
    what: 'Review a report, analyse again with other rules or weights, read who did what',
    doors: [
      'PUT /api/v1/session/{session_id}/review',
      'POST /api/v1/session/{session_id}/review',
      'GET /api/v1/session/{session_id}/audit',
      'POST /api/v1/session/{session_id}/analyze?rules=',
      'POST /api/v1/session/{session_id}/analyze?weights=',
    ],
    ...staff,
  },
  'report.contest': {
    what: 'Answer to an observation of one’s own report',
    doors: ['POST /api/v1/session/{session_id}/review/observations/{observation_id}/contest'],
    ...student,
  },
  'accommodations.set': {
    what: 'Say what was agreed with a student for an exam',
    doors: [
      'GET /api/v1/exams/{exam_id}/accommodations/{member_id}',
      'PUT /api/v1/exams/{exam_id}/accommodations/{member_id}',
    ],
    ...staff,
  },
  'student.export': {
    what: 'Everything that is kept of a student',
    doors: ['GET /api/v1/students/{member_id}/export'],
    anonymous: 'never',
    student: 'own',
    sessionToken: 'never',
    teacher: 'never',
    admin: 'any',
  },
  'student.erase': {
    what: 'Erase everything that is kept of a student',
    doors: ['DELETE /api/v1/students/{member_id}'],
    ...nobody,
    teacher: 'never',
    admin: 'any',
  },
  'session.erase': {
    what: 'Erase one session: its frames, dump, reports and alerts',
    doors: ['DELETE /api/v1/session/{session_id}'],
    ...nobody,
    teacher: 'never',
    admin: 'any',
  },
  'webhooks.read': {
    what: 'What was sent to other systems, and send it again',
    doors: ['GET /api/v1/webhooks/deliveries', 'POST /api/v1/webhooks/deliveries/{delivery_id}/retry'],
    ...nobody,
    teacher: 'never',
    admin: 'any',
  },
  'livekit.join': {
    what: 'A token for the exam’s video room, in the name of a member',
    doors: ['GET /api/v1/webrtc/livekit/token'],
    anonymous: 'never',
    student: 'own',
    sessionToken: 'never',
    teacher: 'taught',
    admin: 'any',
  },
  'exam.create': {
    what: 'Create an exam',
    doors: ['POST /api/v1/exams'],
    ...nobody,
    teacher: 'any',
    admin: 'any',
  },
  'exam.list': {
    what: 'List exams: a teacher sees their own',
    doors: ['GET /api/v1/exams'],
    ...nobody,
    teacher: 'any',
    admin: 'any',
  },
  'exam.manage': {
    what: 'Enrol students; open, start, complete, cancel',
    doors: [
      'POST /api/v1/exams/{exam_id}/enrolments',
      'POST /api/v1/exams/{exam_id}/open',
      'POST /api/v1/exams/{exam_id}/start',
      'POST /api/v1/exams/{exam_id}/complete',
      'POST /api/v1/exams/{exam_id}/cancel',
    ],
    ...staff,
  },
  'exam.attend': {
    what: 'Be connected to an exam, and read its state; a student sees their own part of it',
    doors: ['WS /api/v1/websocket/{exam_id}/ws', 'GET /api/v1/exams/{exam_id}'],
    anonymous: 'never',
    student: 'enrolled',
    sessionToken: 'enrolled',
    teacher: 'taught',
    admin: 'any',
  },
  'exam.work': {
    what: 'Progress, answers, highlights, violations and submission of a student',
    doors: [
      'POST /api/v1/exams/{exam_id}/progress',
      'POST /api/v1/exams/{exam_id}/answers',
      'POST /api/v1/exams/{exam_id}/highlights',
      'POST /api/v1/exams/{exam_id}/violations',
      'POST /api/v1/exams/{exam_id}/submission',
    ],
    anonymous: 'never',
    student: 'enrolled',
    sessionToken: 'enrolled',
    teacher: 'never',
    admin: 'any',
  },
  'live.show': {
    what: 'Be watched: register as a sentinel in the exam of a PIN',
    doors: ['WS /ws/sentinel'],
    anonymous: 'never',
    student: 'enrolled',
    sessionToken: 'enrolled',
    teacher: 'never',
    admin: 'never',
  },
  'live.watch': {
    what: 'Watch the students of an exam',
    doors: ['WS /ws/proctor'],
    ...staff,
  },
  'presence.enter': {
    what: 'Be present in a classroom, and see who is',
    doors: ['WS /ws/presence', 'GET /api/v1/classrooms/{classroom_id}/agents', 'POST /api/v1/counters/agent'],
    anonymous: 'never',
    student: 'enrolled',
    sessionToken: 'enrolled',
    teacher: 'taught',
    admin: 'any',
  },
  'alerts.receive': {
    what: 'Receive a user’s alerts, and acknowledge them',
    doors: ['WS /ws/alerts/{user_id}'],
    ...nobody,
    teacher: 'self',
    admin: 'any',
  },
  'connections.read': {
    what: 'See who is connected for alerts',
    doors: ['GET /ws/connections'],
    ...nobody,
    teacher: 'never',
    admin: 'any',
  },
} as const satisfies Record<string, Access>;

export type Action = keyof typeof accessTable;
