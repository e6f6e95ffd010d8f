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

/** One WebSocket channel as it is described, and held to. */
export interface ChannelDescription {
  name: string;
  /** With `{…}` for its parameters. */
  address: string;
  summary: string;
  /** The token comes with the address, or in the first message. */
  token: 'query' | 'message';
  /** Messages by name. */
  client: Schemas;
  server: Schemas;
  closes: readonly CloseName[];
}

/** With which any connection may end. */
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

/** Every channel of the server. A test compares it with the channels that there are, and with what they say. */
export const channelDescriptions: readonly ChannelDescription[] = [
  {
    name: 'session',
    address: '/api/v1/session/ws/{session_id}',
    summary: 'Frames of one student’s session: numbers; small pictures only where the exam’s policy allows them',
    token: 'query',
    client: sessionClientMessages,
    server: messagesByType(ServerSessionMessageSchema),
    closes: [...anyClose, 'sessionEnded', 'replaced', 'tokenExpired'],
  },
  {
    name: 'exam',
    address: '/api/v1/websocket/{exam_id}/ws',
    summary: 'News of an exam, for its students and teachers. What students do comes over HTTP',
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
    summary: 'Live view, the side of who is watched',
    token: 'message',
    client: sentinelClientMessages,
    server: pick(live, [...registration, 'server.set-resolution', 'server.frame.reject']),
    closes: [...anyClose, 'authTimeout', 'tokenExpired'],
  },
  {
    name: 'proctor',
    address: '/ws/proctor',
    summary: 'Live view, the side of who watches',
    token: 'message',
    client: proctorClientMessages,
    server: pick(live, [...registration, 'server.update-sentinels', 'server.frame']),
    closes: [...anyClose, 'authTimeout', 'tokenExpired'],
  },
  {
    name: 'presence',
    address: '/ws/presence',
    summary: 'Who is in a classroom, and news of it',
    token: 'message',
    client: { connect_request: ConnectRequestSchema },
    server: messagesByType(ServerPresenceMessageSchema),
    closes: [...anyClose, 'authTimeout', 'replaced', 'tokenExpired'],
  },
  {
    name: 'alerts',
    address: '/ws/alerts/{user_id}',
    summary: 'What a proctor should look at now',
    token: 'query',
    client: messagesByType(AlertsClientMessageSchema),
    server: messagesByType(ServerAlertsMessageSchema),
    closes: [...anyClose, 'replaced', 'tokenExpired'],
  },
];
