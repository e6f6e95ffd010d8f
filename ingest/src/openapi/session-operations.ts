import * as v from 'valibot';
import {
  breakActions,
  BreakRequestSchema,
  FlagRequestSchema,
  MessageRequestSchema,
  ServerSessionMessageSchema,
  sessionClientMessages,
} from '@invigil/protocol/channels';
import { IdSchema } from '@invigil/protocol/frame';
import { nothing } from './operation.ts';
import type { Operation } from './operation.ts';

const moment = v.pipe(v.string(), v.isoTimestamp());
const text = v.nullable(v.string());

const SessionStartSchema = v.object({ exam_id: IdSchema, member_id: IdSchema });

const tokenEntries = {
  token: v.pipe(
    v.string(),
    v.description(
      'Lets the student’s page send frames, and read and end this session. Issued to a teacher, it cannot answer or contest as the student.',
    ),
  ),
  token_expires_at: moment,
};

const StartedSessionSchema = v.object({
  session_id: v.string(),
  exam_id: v.string(),
  member_id: v.string(),
  started_at: moment,
  ...tokenEntries,
  ws_url: v.pipe(v.string(), v.description('The session channel, described in `/asyncapi.json`.')),
});

const SessionSchema = v.object({
  session_id: v.string(),
  exam_id: text,
  member_id: text,
  status: v.picklist(['running', 'ending', 'ended']),
  started_at: moment,
  ended_at: v.nullable(moment),
  may_run_without: v.pipe(
    v.object({ camera: v.boolean(), image_analysis: v.boolean(), storage: v.boolean(), lock: v.boolean() }),
    v.description('What the exam’s policy lets the student’s browser lack.'),
  ),
});

/** Any message of the session channel, with the session id added. */
const FallbackSchema = v.union(
  Object.values(sessionClientMessages).map((message) => v.object({ ...message.entries, session_id: IdSchema })),
);

const tag = 'sessions';

const guidance = (
  name: string,
  id: string,
  summary: string,
  body: v.GenericSchema,
  answers: Operation['answers'],
): Operation => ({
  method: 'post',
  path: `/api/v1/session/{session_id}/${name}`,
  id,
  tag,
  summary,
  action: 'session.guide',
  body,
  answers,
  problems: ['SESSION_NOT_FOUND', 'WRONG_STATUS'],
});

export const sessionOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/session/start',
    id: 'startSession',
    tag,
    summary: 'Start a proctoring session for a student',
    description: 'If the exam does not exist, it is created in the status IN_PROGRESS.',
    action: 'session.start',
    body: SessionStartSchema,
    answers: {
      201: { description: 'The session, with the token for the student’s page', schema: StartedSessionSchema },
    },
    problems: ['WRONG_STATUS', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/api/v1/session/{session_id}',
    id: 'getSession',
    tag,
    summary: 'Get a session’s student, exam and status',
    action: 'session.read',
    answers: { 200: { description: 'The session', schema: SessionSchema } },
    problems: ['SESSION_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/api/v1/session/{session_id}/token',
    id: 'renewSessionToken',
    tag,
    summary: 'Issue a new token for a running session',
    description:
      'Tokens issued earlier stay valid until they expire. The student’s page keeps its connection and its frames.',
    action: 'session.start',
    answers: {
      200: {
        description: 'The new token',
        schema: v.object({ session_id: v.string(), ...tokenEntries }),
      },
    },
    problems: ['SESSION_NOT_FOUND', 'SESSION_ENDED'],
  },
  {
    method: 'post',
    path: '/api/v1/session/{session_id}/end',
    id: 'endSession',
    tag,
    summary: 'End a session and create its report',
    description: 'Idempotent.',
    action: 'session.end',
    answers: { 204: nothing('The session has ended') },
    problems: ['SESSION_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/api/v1/session/ws/fallback',
    id: 'sendSessionMessage',
    tag,
    summary: 'Send a session channel message where networks block WebSockets',
    description:
      'One message of the channel with its `session_id`. A documented single shape is answered with 202; `hello`, `batch`, `losses` and `ping` ' +
      'get 200 with the messages that the socket would have sent.',
    action: 'session.send',
    body: FallbackSchema,
    answers: {
      200: {
        description: 'The messages that the socket would have sent',
        schema: v.object({ messages: v.array(ServerSessionMessageSchema) }),
      },
      202: {
        description: 'The frame is stored',
        schema: v.object({ status: v.literal('accepted'), session_id: v.string() }),
      },
    },
    problems: [
      'SESSION_NOT_FOUND',
      'SESSION_ENDED',
      'RATE_EXCEEDED',
      'INVALID_FRAME',
      'TOO_MANY_FIELDS',
      'TOO_MANY_FRAMES',
      'TOO_MANY_GAPS',
    ],
  },
  {
    method: 'get',
    path: '/api/v1/webrtc/livekit/token',
    id: 'getLivekitToken',
    tag,
    summary: 'Get a token for the exam’s LiveKit room',
    action: 'livekit.join',
    query: {
      exam_id: { schema: IdSchema, description: 'The room', required: true },
      member_id: { schema: IdSchema, description: 'The user who joins', required: true },
      name: { schema: v.pipe(v.string(), v.maxLength(200)), description: 'Display name; the id if absent' },
    },
    answers: {
      200: {
        description: 'The token',
        schema: v.object({
          token: v.string(),
          url: v.string(),
          room: v.string(),
          identity: v.string(),
          name: v.string(),
        }),
      },
    },
    problems: ['NOT_CONFIGURED', 'NOT_FOUND'],
  },
  guidance('messages', 'messageStudent', 'Send a message to the student', MessageRequestSchema, {
    202: { description: 'The message is sent to the student’s page', schema: v.object({ message_id: v.string() }) },
  }),
  guidance('break', 'askBreak', 'Ask the student’s page to begin or end a break', BreakRequestSchema, {
    202: {
      description: 'The request is sent to the student’s page',
      schema: v.object({ action: v.picklist(breakActions) }),
    },
  }),
  guidance(
    'flags',
    'flagSession',
    'Add a note for the reader of the report; the student does not see it',
    FlagRequestSchema,
    {
      201: { description: 'The note is in the audit log', schema: v.object({ note: v.string() }) },
    },
  ),
];
