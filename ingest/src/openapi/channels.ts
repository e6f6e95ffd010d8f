import type * as v from 'valibot';
import {
  AlertsClientMessageSchema,
  ConnectRequestSchema,
  ExamAnswerSchema,
  ExamClientMessageSchema,
  ExamEventSchema,
  ExamTeacherEventSchema,
  ServerAlertsMessageSchema,
  ServerLiveEnvelopeSchema,
  ServerPresenceMessageSchema,
  ServerSessionMessageSchema,
  messagesByType,
  proctorClientMessages,
  sentinelClientMessages,
  sessionClientMessages,
} from '@invigil/protocol/channels';
import type { CloseName } from '@invigil/protocol/channels';
import type { Schemas } from './json-schema.ts';

/** The description of one WebSocket channel; tests check that the server matches it. */
export interface ChannelDescription {
  name: string;
  /** Path, with `{…}` for parameters. */
  address: string;
  summary: string;
  /** Where the client sends the token: in the URL, or in its first message. */
  token: 'query' | 'message';
  /** Messages by name. */
  client: Schemas;
  server: Schemas;
  closes: readonly CloseName[];
}

/** Close codes that any connection may receive. */
const anyClose: readonly CloseName[] = [
  'normal',
  'goingAway',
  'protocolError',
  'unsupportedData',
  'invalidText',
  'policyViolation',
  'messageTooBig',
  'internalError',
  'tryAgainLater',
  'rateExceeded',
  'heartbeatTimeout',
];

const live: Record<string, v.GenericSchema> = messagesByType(ServerLiveEnvelopeSchema);
const pick = (messages: Schemas, names: readonly string[]): Schemas =>
  Object.fromEntries(Object.entries(messages).filter(([name]) => names.includes(name)));
const registration = ['server.registration.ack', 'server.registration.reject'];

/** Every channel of the server. Tests compare it with the running server's channels and the messages they send. */
export const channelDescriptions: readonly ChannelDescription[] = [
  {
    name: 'session',
    address: '/api/v1/session/ws/{session_id}',
    summary: 'Feature frames of one student’s session; thumbnails only if the exam’s policy allows them',
    token: 'query',
    client: sessionClientMessages,
    server: messagesByType(ServerSessionMessageSchema),
    closes: [...anyClose, 'sessionEnded', 'replaced', 'tokenExpired'],
  },
  {
    name: 'exam',
    address: '/api/v1/websocket/{exam_id}/ws',
    summary: 'Events of an exam, for its students and teachers. Students’ work is sent over HTTP',
    token: 'query',
    client: { heartbeat: ExamClientMessageSchema },
    server: {
      ...messagesByType(ExamEventSchema),
      ...messagesByType(ExamTeacherEventSchema),
      ...messagesByType(ExamAnswerSchema),
    },
    closes: [...anyClose, 'tokenExpired'],
  },
  {
    name: 'sentinel',
    address: '/ws/sentinel',
    summary: 'Live view: students’ side',
    token: 'message',
    client: sentinelClientMessages,
    server: pick(live, [...registration, 'server.set-resolution', 'server.frame.reject']),
    closes: [...anyClose, 'authTimeout', 'tokenExpired'],
  },
  {
    name: 'proctor',
    address: '/ws/proctor',
    summary: 'Live view: proctors’ side',
    token: 'message',
    client: proctorClientMessages,
    server: pick(live, [...registration, 'server.update-sentinels', 'server.update-unobserved', 'server.frame']),
    closes: [...anyClose, 'authTimeout', 'tokenExpired'],
  },
  {
    name: 'presence',
    address: '/ws/presence',
    summary: 'The agents in a classroom, and its events',
    token: 'message',
    client: { connect_request: ConnectRequestSchema },
    server: messagesByType(ServerPresenceMessageSchema),
    closes: [...anyClose, 'authTimeout', 'replaced', 'tokenExpired'],
  },
  {
    name: 'alerts',
    address: '/ws/alerts/{user_id}',
    summary: 'Alerts for one proctor',
    token: 'query',
    client: messagesByType(AlertsClientMessageSchema),
    server: messagesByType(ServerAlertsMessageSchema),
    closes: [...anyClose, 'replaced', 'tokenExpired'],
  },
];
