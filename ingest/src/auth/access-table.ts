/**
 * The only definition of who may use which route and channel. docs/reference/authorisation.md is generated from it, and a test checks
 * every cell against a running server.
 *
 * - `any`: always.
 * - `own`: the student's own session and place in an exam; for a personal link, in its exam.
 * - `enrolled`: exams in which the student is enrolled; for a session token or a personal link, its exam.
 * - `taught`: exams that the teacher teaches, and everything in them.
 * - `taughtOrNew`: the same, and exams that do not exist yet.
 * - `self`: only in the user's own name, whatever the exam.
 * - `never`.
 */
const reaches = ['any', 'own', 'enrolled', 'taught', 'taughtOrNew', 'self', 'never'] as const;
export type Reach = (typeof reaches)[number];

export const roles = ['anonymous', 'student', 'personalLink', 'sessionToken', 'teacher', 'admin'] as const;
export type TableRole = (typeof roles)[number];

export interface Access extends Readonly<Record<TableRole, Reach>> {
  readonly what: string;
  /** Routes and channels that require this permission. */
  readonly endpoints: readonly string[];
}

const nobody = { anonymous: 'never', student: 'never', personalLink: 'never', sessionToken: 'never' } as const;
const adminOnly = { ...nobody, teacher: 'never', admin: 'any' } as const;
const staff = { ...nobody, teacher: 'taught', admin: 'any' } as const;
const student = {
  anonymous: 'never',
  student: 'own',
  personalLink: 'own',
  sessionToken: 'own',
  teacher: 'never',
  admin: 'any',
} as const;
const studentOrStaff = { ...student, teacher: 'taught' } as const;
const everybody = {
  anonymous: 'any',
  student: 'any',
  personalLink: 'any',
  sessionToken: 'any',
  teacher: 'any',
  admin: 'any',
} as const;

export const accessTable = {
  'server.look': {
    what: 'Load pages and model weights; read health, metrics, schemas and API descriptions',
    endpoints: [
      'GET /',
      'GET /models/…',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /api/v1/schemas/report.json',
      'GET /.well-known/invigil-keys.json',
      'GET /.well-known/invigil-roots.json',
      'GET /openapi.json',
      'GET /asyncapi.json',
      'GET /docs',
    ],
    ...everybody,
  },
  'session.start': {
    what: 'Start a proctoring session for a student, and renew its token',
    endpoints: ['POST /api/v1/session/start', 'POST /api/v1/session/{session_id}/token'],
    anonymous: 'never',
    student: 'own',
    personalLink: 'own',
    sessionToken: 'never',
    teacher: 'taughtOrNew',
    admin: 'any',
  },
  'session.send': {
    what: 'Send frames (only from the student’s own device)',
    endpoints: ['WS /api/v1/session/ws/{session_id}', 'POST /api/v1/session/ws/fallback'],
    ...student,
  },
  'camera.link': {
    what: 'Create a link by which a phone becomes the session’s camera, and read which camera is in use',
    endpoints: ['POST /api/v1/session/{session_id}/camera-link', 'GET /api/v1/session/{session_id}/camera'],
    ...student,
  },
  'camera.join': {
    what: 'Open such a link, once; its code is the permission. The phone’s token can send frames and nothing else',
    endpoints: ['POST /api/v1/camera/join'],
    ...everybody,
  },
  'session.read': {
    what: 'Read a session’s status, analysis and report',
    endpoints: [
      'GET /api/v1/session/{session_id}',
      'POST /api/v1/session/{session_id}/analyze',
      'GET /api/v1/session/{session_id}/report',
      'GET /api/v1/session/{session_id}/report/observations.csv',
      'GET /api/v1/session/{session_id}/reports',
      'GET /api/v1/session/{session_id}/replay',
      'GET /api/v1/session/{session_id}/review',
      'GET /api/v1/session/{session_id}/receipt',
    ],
    ...studentOrStaff,
  },
  'session.end': {
    what: 'End a session',
    endpoints: ['POST /api/v1/session/{session_id}/end'],
    ...studentOrStaff,
  },
  'session.guide': {
    what: 'Send a message to a student or to many, begin or end a break, add a note to the report',
    endpoints: [
      'POST /api/v1/session/{session_id}/messages',
      'POST /api/v1/session/{session_id}/break',
      'POST /api/v1/session/{session_id}/flags',
      'POST /api/v1/exams/{exam_id}/messages',
    ],
    ...staff,
  },
  'report.review': {
    what: 'List an exam’s reports, review them, re-analyse with other rules or weights, read the audit log',
    endpoints: [
      'PUT /api/v1/session/{session_id}/review',
      'POST /api/v1/session/{session_id}/review',
      'GET /api/v1/session/{session_id}/audit',
      'GET /api/v1/exams/{exam_id}/reports',
      'POST /api/v1/exams/{exam_id}/reviews',
      'POST /api/v1/session/{session_id}/analyze?rules=',
      'POST /api/v1/session/{session_id}/analyze?weights=',
    ],
    ...staff,
  },
  'rules.judge': {
    what: 'Read what reviewers decided about each rule’s alerts (a teacher: in their own exams)',
    endpoints: ['GET /api/v1/rule-outcomes'],
    ...nobody,
    teacher: 'any',
    admin: 'any',
  },
  'student.history': {
    what: 'Read a student’s reports in several exams, as far as their policies allow it (a teacher: in their own exams)',
    endpoints: ['GET /api/v1/students/{member_id}/history'],
    ...nobody,
    teacher: 'any',
    admin: 'any',
  },
  'report.contest': {
    what: 'Contest an observation in the student’s own report',
    endpoints: ['POST /api/v1/session/{session_id}/review/observations/{observation_id}/contest'],
    ...student,
  },
  'accommodations.set': {
    what: 'Read and set a student’s accommodations',
    endpoints: [
      'GET /api/v1/exams/{exam_id}/accommodations',
      'GET /api/v1/exams/{exam_id}/accommodations/{member_id}',
      'PUT /api/v1/exams/{exam_id}/accommodations/{member_id}',
    ],
    ...staff,
  },
  'student.export': {
    what: 'Export a student’s data',
    endpoints: ['GET /api/v1/students/{member_id}/export'],
    anonymous: 'never',
    student: 'own',
    personalLink: 'own',
    sessionToken: 'never',
    teacher: 'never',
    admin: 'any',
  },
  'student.erase': {
    what: 'Erase a student’s data',
    endpoints: ['DELETE /api/v1/students/{member_id}'],
    ...adminOnly,
  },
  'session.erase': {
    what: 'Erase one session: its frames, dump, reports and alerts',
    endpoints: ['DELETE /api/v1/session/{session_id}'],
    ...adminOnly,
  },
  'webhooks.read': {
    what: 'List webhook deliveries and send one again',
    endpoints: ['GET /api/v1/webhooks/deliveries', 'POST /api/v1/webhooks/deliveries/{delivery_id}/retry'],
    ...adminOnly,
  },
  'livekit.join': {
    what: 'Get a token for the exam’s LiveKit room',
    endpoints: ['GET /api/v1/webrtc/livekit/token'],
    anonymous: 'never',
    student: 'enrolled',
    personalLink: 'never',
    sessionToken: 'never',
    teacher: 'taught',
    admin: 'any',
  },
  'exam.create': {
    what: 'Create an exam',
    endpoints: ['POST /api/v1/exams'],
    ...nobody,
    teacher: 'any',
    admin: 'any',
  },
  'exam.list': {
    what: 'List exams (a teacher sees their own)',
    endpoints: ['GET /api/v1/exams'],
    ...nobody,
    teacher: 'any',
    admin: 'any',
  },
  'exam.manage': {
    what: 'Change or delete an exam; enrol and remove students; open, start, complete or cancel it; extra time; personal links; list open alerts; mark students’ requests done',
    endpoints: [
      'PATCH /api/v1/exams/{exam_id}',
      'DELETE /api/v1/exams/{exam_id}',
      'POST /api/v1/exams/{exam_id}/enrolments',
      'DELETE /api/v1/exams/{exam_id}/enrolments/{student_id}',
      'POST /api/v1/exams/{exam_id}/extra-time',
      'POST /api/v1/exams/{exam_id}/open',
      'POST /api/v1/exams/{exam_id}/start',
      'POST /api/v1/exams/{exam_id}/complete',
      'POST /api/v1/exams/{exam_id}/cancel',
      'GET /api/v1/exams/{exam_id}/alerts',
      'GET /api/v1/exams/{exam_id}/links',
      'POST /api/v1/exams/{exam_id}/links',
      'DELETE /api/v1/exams/{exam_id}/links/{student_id}',
      'POST /api/v1/exams/{exam_id}/requests/{request_id}/done',
    ],
    ...staff,
  },
  'exam.attend': {
    what: 'Connect to an exam and read its notice and its state (a student sees only their own part)',
    endpoints: [
      'WS /api/v1/websocket/{exam_id}/ws',
      'GET /api/v1/exams/{exam_id}',
      'GET /api/v1/exams/{exam_id}/notice',
    ],
    anonymous: 'never',
    student: 'enrolled',
    personalLink: 'enrolled',
    sessionToken: 'enrolled',
    teacher: 'taught',
    admin: 'any',
  },
  'exam.work': {
    what: 'Report a student’s progress, answers, highlights, violations and camera check; submit; ask for help or erasure',
    endpoints: [
      'POST /api/v1/exams/{exam_id}/progress',
      'POST /api/v1/exams/{exam_id}/answers',
      'POST /api/v1/exams/{exam_id}/highlights',
      'POST /api/v1/exams/{exam_id}/violations',
      'POST /api/v1/exams/{exam_id}/submission',
      'PUT /api/v1/exams/{exam_id}/check',
      'POST /api/v1/exams/{exam_id}/requests',
    ],
    anonymous: 'never',
    student: 'enrolled',
    personalLink: 'enrolled',
    sessionToken: 'enrolled',
    teacher: 'never',
    admin: 'any',
  },
  'live.show': {
    what: 'Register as a sentinel in the exam with a PIN',
    endpoints: ['WS /ws/sentinel'],
    anonymous: 'never',
    student: 'enrolled',
    personalLink: 'never',
    sessionToken: 'enrolled',
    teacher: 'never',
    admin: 'never',
  },
  'live.watch': {
    what: 'Watch the students of an exam',
    endpoints: ['WS /ws/proctor'],
    ...staff,
  },
  'presence.enter': {
    what: 'Join a classroom and list its agents',
    endpoints: ['WS /ws/presence', 'GET /api/v1/classrooms/{classroom_id}/agents', 'POST /api/v1/counters/agent'],
    anonymous: 'never',
    student: 'enrolled',
    personalLink: 'never',
    sessionToken: 'enrolled',
    teacher: 'taught',
    admin: 'any',
  },
  'alerts.receive': {
    what: 'Receive and acknowledge a user’s alerts',
    endpoints: ['WS /ws/alerts/{user_id}'],
    ...nobody,
    teacher: 'self',
    admin: 'any',
  },
  'connections.read': {
    what: 'List alert connections',
    endpoints: ['GET /ws/connections'],
    ...adminOnly,
  },
} as const satisfies Record<string, Access>;

export type Action = keyof typeof accessTable;
