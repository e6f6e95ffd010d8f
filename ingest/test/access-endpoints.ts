import { decodeJwt } from 'jose';
import { riskWeightSets } from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import { bearer } from '@invigil/testkit/tokens/tokens';
import type { Visitor } from './access-cells.ts';
import { http, open, orElse, payloadOf, query, rejected, socket } from './access-requests.ts';
import type { Endpoint, Fixtures } from './access-requests.ts';

const session = ({ sessionId }: Fixtures): string => `/api/v1/session/${sessionId}`;
const exam = ({ examId }: Fixtures): string => `/api/v1/exams/${examId}`;
/** A running session uses its own rule set, whichever one is requested. */
const analyzeAgain =
  (parameter: string, versions: object): Endpoint =>
  async (fixtures, visitor) => {
    await fixtures.server.ask('POST', `${session(fixtures)}/end`, undefined, bearer(fixtures.adaToken));
    const [version] = Object.keys(versions);
    return http('POST', () => `${session(fixtures)}/analyze?${parameter}=${version}`)(fixtures, visitor);
  };

/** The visitor’s own id; null for an admin and without a token. */
const userOf = ({ role, token }: Visitor): string | null =>
  token === null || role === 'admin' ? null : (decodeJwt<{ user_id?: string }>(token).user_id ?? 'ada');

const worker = ({ role }: Visitor) => (role === 'teacher' || role === 'admin' ? { student_id: 'ada' } : {});

/** How to call each endpoint of the table. */
export const endpoints: Record<string, Endpoint> = {
  'GET /': open('/'),
  'GET /models/…': open('/models/none.json'),
  'GET /healthz': open('/healthz'),
  'GET /readyz': open('/readyz'),
  'GET /metrics': open('/metrics'),
  'GET /api/v1/schemas/report.json': open('/api/v1/schemas/report.json'),
  'GET /.well-known/invigil-keys.json': open('/.well-known/invigil-keys.json'),
  'GET /.well-known/invigil-roots.json': open('/.well-known/invigil-roots.json'),
  'GET /api/v1/exams/{exam_id}/safe-exam-browser.seb': http(
    'GET',
    (fixtures) => `${exam(fixtures)}/safe-exam-browser.seb`,
  ),
  'GET /openapi.json': open('/openapi.json'),
  'GET /asyncapi.json': open('/asyncapi.json'),
  'GET /docs': open('/docs'),
  'POST /api/v1/session/{session_id}/camera-link': http('POST', (fixtures) => `${session(fixtures)}/camera-link`),
  'GET /api/v1/session/{session_id}/camera': http('GET', (fixtures) => `${session(fixtures)}/camera`),
  'POST /api/v1/camera/join': http(
    'POST',
    () => '/api/v1/camera/join',
    () => ({ code: 'unknown' }),
  ),
  'POST /api/v1/session/start': http(
    'POST',
    () => '/api/v1/session/start',
    ({ examId }) => ({ exam_id: examId, member_id: 'ada' }),
  ),
  'POST /api/v1/session/{session_id}/token': http('POST', (fixtures) => `${session(fixtures)}/token`),
  'WS /api/v1/session/ws/{session_id}': socket(
    ({ sessionId }, visitor) => `/api/v1/session/ws/${sessionId}${query(visitor)}`,
    () => ({ type: 'ping' }),
    orElse('pong'),
  ),
  'POST /api/v1/session/ws/fallback': http(
    'POST',
    () => '/api/v1/session/ws/fallback',
    ({ sessionId }) => ({ session_id: sessionId, type: 'ping' }),
  ),
  'GET /api/v1/session/{session_id}': http('GET', session),
  'POST /api/v1/session/{session_id}/analyze': http('POST', (fixtures) => `${session(fixtures)}/analyze`),
  'POST /api/v1/session/{session_id}/analyze?rules=': analyzeAgain('rules', ruleSets),
  'POST /api/v1/session/{session_id}/analyze?weights=': analyzeAgain('weights', riskWeightSets),
  'GET /api/v1/session/{session_id}/receipt': http('GET', (fixtures) => `${session(fixtures)}/receipt`),
  'GET /api/v1/session/{session_id}/report': http('GET', (fixtures) => `${session(fixtures)}/report`),
  'GET /api/v1/session/{session_id}/report/observations.csv': http(
    'GET',
    (fixtures) => `${session(fixtures)}/report/observations.csv`,
  ),
  'GET /api/v1/session/{session_id}/reports': http('GET', (fixtures) => `${session(fixtures)}/reports`),
  'GET /api/v1/session/{session_id}/replay': http('GET', (fixtures) => `${session(fixtures)}/replay`),
  'GET /api/v1/session/{session_id}/review': http('GET', (fixtures) => `${session(fixtures)}/review`),
  'PUT /api/v1/session/{session_id}/review': http(
    'PUT',
    (fixtures) => `${session(fixtures)}/review`,
    () => ({}),
  ),
  'POST /api/v1/session/{session_id}/review': http(
    'POST',
    (fixtures) => `${session(fixtures)}/review`,
    () => ({}),
  ),
  'GET /api/v1/exams/{exam_id}/alerts': http('GET', (fixtures) => `${exam(fixtures)}/alerts`),
  'GET /api/v1/exams/{exam_id}/reports': http('GET', (fixtures) => `${exam(fixtures)}/reports`),
  'POST /api/v1/exams/{exam_id}/reviews': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/reviews`,
    () => ({ outcome: 'nothing_to_follow_up', max_risk: 0, expected: 0 }),
  ),
  'GET /api/v1/students/{member_id}/history': http('GET', () => '/api/v1/students/ada/history'),
  'GET /api/v1/rule-outcomes': http('GET', () => '/api/v1/rule-outcomes'),
  'POST /api/v1/session/{session_id}/review/observations/{observation_id}/contest': http(
    'POST',
    (fixtures) => `${session(fixtures)}/review/observations/none/contest`,
    () => ({ text: 'It was the cat.' }),
  ),
  'POST /api/v1/session/{session_id}/messages': http(
    'POST',
    (fixtures) => `${session(fixtures)}/messages`,
    () => ({ text: 'Five more minutes.' }),
  ),
  'POST /api/v1/session/{session_id}/break': http(
    'POST',
    (fixtures) => `${session(fixtures)}/break`,
    () => ({ action: 'begin' }),
  ),
  'POST /api/v1/session/{session_id}/flags': http(
    'POST',
    (fixtures) => `${session(fixtures)}/flags`,
    () => ({ note: 'Somebody came in.' }),
  ),
  'GET /api/v1/session/{session_id}/audit': http('GET', (fixtures) => `${session(fixtures)}/audit`),
  'POST /api/v1/session/{session_id}/end': http('POST', (fixtures) => `${session(fixtures)}/end`),
  'GET /api/v1/exams/{exam_id}/accommodations': http('GET', (fixtures) => `${exam(fixtures)}/accommodations`),
  'GET /api/v1/exams/{exam_id}/accommodations/{member_id}': http(
    'GET',
    (fixtures) => `${exam(fixtures)}/accommodations/ada`,
  ),
  'PUT /api/v1/exams/{exam_id}/accommodations/{member_id}': http(
    'PUT',
    (fixtures) => `${exam(fixtures)}/accommodations/ada`,
    () => ({}),
  ),
  'GET /api/v1/students/{member_id}/export': http(
    'GET',
    ({ examId }) => `/api/v1/students/ada/export?exam_id=${examId}`,
  ),
  'DELETE /api/v1/students/{member_id}': http('DELETE', () => '/api/v1/students/ada'),
  'DELETE /api/v1/session/{session_id}': http('DELETE', session),
  'GET /api/v1/webhooks/deliveries': http('GET', () => '/api/v1/webhooks/deliveries'),
  'POST /api/v1/webhooks/deliveries/{delivery_id}/retry': http('POST', () => '/api/v1/webhooks/deliveries/none/retry'),
  'GET /api/v1/webrtc/livekit/token': http(
    'GET',
    ({ examId }, visitor) => `/api/v1/webrtc/livekit/token?exam_id=${examId}&member_id=${userOf(visitor) ?? 'ada'}`,
  ),
  'POST /api/v1/exams': http(
    'POST',
    () => '/api/v1/exams',
    () => ({}),
  ),
  'GET /api/v1/exams': http('GET', () => '/api/v1/exams'),
  'POST /api/v1/exams/{exam_id}/enrolments': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/enrolments`,
    () => ({ students: [{ student_id: 'grace' }] }),
  ),
  'PATCH /api/v1/exams/{exam_id}': http('PATCH', exam, () => ({ title: 'Physics' })),
  'DELETE /api/v1/exams/{exam_id}': http('DELETE', exam),
  'DELETE /api/v1/exams/{exam_id}/enrolments/{student_id}': http(
    'DELETE',
    (fixtures) => `${exam(fixtures)}/enrolments/grace`,
  ),
  'POST /api/v1/exams/{exam_id}/extra-time': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/extra-time`,
    () => ({ minutes: 5 }),
  ),
  'POST /api/v1/exams/{exam_id}/messages': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/messages`,
    () => ({ text: 'Five more minutes.' }),
  ),
  'POST /api/v1/exams/{exam_id}/open': http('POST', (fixtures) => `${exam(fixtures)}/open`),
  'POST /api/v1/exams/{exam_id}/start': http('POST', (fixtures) => `${exam(fixtures)}/start`),
  'POST /api/v1/exams/{exam_id}/complete': http('POST', (fixtures) => `${exam(fixtures)}/complete`),
  'POST /api/v1/exams/{exam_id}/cancel': http('POST', (fixtures) => `${exam(fixtures)}/cancel`),
  'WS /api/v1/websocket/{exam_id}/ws': socket(
    ({ examId }, visitor) => `/api/v1/websocket/${examId}/ws${query(visitor)}`,
    () => null,
    orElse('connected'),
  ),
  'GET /api/v1/exams/{exam_id}': http('GET', exam),
  'POST /api/v1/exams/{exam_id}/progress': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/progress`,
    (_house, visitor) => ({ ...worker(visitor), passage_index: 0, question_index: 0, question_number: 1 }),
  ),
  'POST /api/v1/exams/{exam_id}/answers': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/answers`,
    (_house, visitor) => ({ ...worker(visitor), question_id: 'q-1', question_number: 1, answer: 'A' }),
  ),
  'POST /api/v1/exams/{exam_id}/highlights': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/highlights`,
    (_house, visitor) => ({ ...worker(visitor), passage_id: 'p-1', text: 'text' }),
  ),
  'POST /api/v1/exams/{exam_id}/violations': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/violations`,
    (_house, visitor) => ({ ...worker(visitor), violation_type: 'TAB_SWITCH' }),
  ),
  'POST /api/v1/exams/{exam_id}/submission': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/submission`,
    (_house, visitor) => worker(visitor),
  ),
  'GET /api/v1/exams/{exam_id}/notice': http('GET', (fixtures) => `${exam(fixtures)}/notice`),
  'GET /api/v1/exams/{exam_id}/links': http('GET', (fixtures) => `${exam(fixtures)}/links`),
  'POST /api/v1/exams/{exam_id}/links': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/links`,
    () => ({}),
  ),
  'DELETE /api/v1/exams/{exam_id}/links/{student_id}': http('DELETE', (fixtures) => `${exam(fixtures)}/links/grace`),
  'PUT /api/v1/exams/{exam_id}/check': http(
    'PUT',
    (fixtures) => `${exam(fixtures)}/check`,
    (_house, visitor) => ({ ...worker(visitor), items: { camera: 'good' }, calibrated: false }),
  ),
  'POST /api/v1/exams/{exam_id}/requests': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/requests`,
    (_house, visitor) => ({ ...worker(visitor), kind: 'help' }),
  ),
  'POST /api/v1/exams/{exam_id}/requests/{request_id}/done': http(
    'POST',
    (fixtures) => `${exam(fixtures)}/requests/none/done`,
  ),
  'WS /ws/sentinel': socket(
    () => '/ws/sentinel',
    ({ pin }, { token }) => ({ type: 'sentinel.register', payload: { pin, auth: token }, timestamp: 1 }),
    (message) => rejected(message) ?? (message['type'] === 'server.registration.ack' ? 'in' : null),
  ),
  // Every teacher may connect; the table decides whom they see.
  'WS /ws/proctor': socket(
    () => '/ws/proctor',
    (_house, { token }) => ({ type: 'proctor.register', payload: { auth: token }, timestamp: 1 }),
    (message) => {
      if (message['type'] !== 'server.update-sentinels') return rejected(message);
      const { sentinels } = payloadOf(message);
      return Array.isArray(sentinels) && sentinels.length > 0 ? 'in' : 'denied';
    },
  ),
  'WS /ws/presence': socket(
    () => '/ws/presence',
    ({ examId }, { token }) => ({
      type: 'connect_request',
      payload: { agent_label: 'page', classroom_id: examId, token },
    }),
    (message) => {
      if (message['type'] === 'connect_success') return 'in';
      const { type } = payloadOf(message);
      return type === 'unauthenticated' ? 'unknown' : type === 'access_denied' ? 'denied' : null;
    },
  ),
  'GET /api/v1/classrooms/{classroom_id}/agents': http('GET', ({ examId }) => `/api/v1/classrooms/${examId}/agents`),
  'POST /api/v1/counters/agent': http(
    'POST',
    () => '/api/v1/counters/agent',
    ({ examId }) => ({ classroom_ids: [examId] }),
  ),
  'WS /ws/alerts/{user_id}': socket(
    (_house, visitor) => `/ws/alerts/teacher${query(visitor)}`,
    () => ({ type: 'ping' }),
    orElse('pong'),
  ),
  'GET /ws/connections': http('GET', () => '/ws/connections'),
};
