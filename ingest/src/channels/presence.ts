import * as v from 'valibot';
import {
  ConnectRequestSchema,
  agentIdOf,
  closeCodes,
  examOver,
  recoverable,
  unrecoverable,
} from '@invigil/protocol/channels';
import type { CloseReason, ExamStatus, ServerPresenceMessage, UnrecoverableError } from '@invigil/protocol/channels';
import type { UsageBudget } from '../budget/usage-budget.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { PresenceTimings } from '../config/channel-timings.ts';
import { ownerOf } from '../model/principal.ts';
import type { Principal } from '../model/principal.ts';
import { isTemporary } from '../model/ingest-error.ts';
import type { ClosedExam, ExamDirectory } from '../live/exam-directory.ts';
import type { ExamStays } from '../live/exam-stays.ts';
import type { Agent, AgentLink } from '../presence/agent.ts';
import type { PresenceService } from '../presence/presence-service.ts';
import { atExpiry } from '../realtime/close-at-expiry.ts';
import type { Connection } from '../realtime/connection.ts';
import type { Accept, Channel } from '../realtime/channel.ts';
import { parseJson } from '../realtime/parse-json.ts';

export interface PresenceChannelOptions {
  presence: PresenceService;
  exams: ExamDirectory;
  /** Closes students' connections when their exam is over. */
  stays: ExamStays;
  authenticator: Authenticator;
  budget: UsageBudget;
  timings: PresenceTimings;
  now: () => number;
}

/** `ws /ws/presence` */
export const presenceChannel = (options: PresenceChannelOptions): Channel => ({
  name: 'presence',
  identifiesLater: true,
  path: /^\/ws\/presence$/,
  // The channel has its own pings.
  limits: { silenceMs: Infinity },
  drain: () => options.presence.drain(options.timings.drainMs),
  // The client identifies itself in its first message.
  admit: async () => accept(options),
});

const closeOf: Partial<Record<UnrecoverableError, CloseReason>> = {
  internal_server_error: closeCodes.internalError,
  serialization_failed: closeCodes.unsupportedData,
  auth_timed_out: closeCodes.authTimeout,
  pong_timed_out: closeCodes.heartbeatTimeout,
  replaced: closeCodes.replaced,
};

const accept =
  ({ presence, exams, stays, authenticator, budget, timings, now }: PresenceChannelOptions): Accept =>
  (connection) => {
    const send = (message: ServerPresenceMessage): void => connection.send(message);
    const fail = (error: UnrecoverableError, close = closeOf[error] ?? closeCodes.policyViolation): void => {
      send(unrecoverable(error));
      connection.close(close);
    };
    const failOver = (status: ExamStatus): void => fail('access_denied', examOver(status));
    let state: 'new' | 'entering' | 'in' = 'new';
    let release: (() => void) | null = null;
    let leave: (() => Promise<void>) | null = null;
    let pinging: NodeJS.Timeout | undefined;
    let expiry: NodeJS.Timeout | undefined;
    let endStay: () => void = () => undefined;
    const deadline = setTimeout(() => fail('auth_timed_out'), timings.connectWithinMs).unref();
    const link: AgentLink = {
      onReplaced: () => fail('replaced'),
      onTerminated: () => send(recoverable('terminated')),
      onEvent: ({ label, payload }) => send({ type: 'event', label, payload }),
    };

    connection.handle({
      async message(text) {
        const request = readRequest(text);
        if (typeof request === 'string') return fail(request);
        if (state !== 'new') return fail('unsupported_request');
        state = 'entering';
        try {
          const identified = await identify({ authenticator, exams }, request);
          clearTimeout(deadline);
          if (typeof identified === 'string') return fail(identified);
          if (identified.closed?.state === 'over') return failOver(identified.closed.status);
          // Anything counted from here on is released when the connection closes.
          if (!connection.open) return;
          if (!connection.identified(ownerOf(identified.principal))) return;
          const owner = visitorOf(identified);
          release = budget.spend('presenceVisits', owner) === null ? budget.hold('presenceAgents', owner) : null;
          if (release === null)
            return fail('access_denied', { ...closeCodes.tryAgainLater, reason: 'too many visits' });
          const { agent, principal } = identified;
          endStay = stays.begin(agent.classroomId, (status) => {
            if (principal.role === 'STUDENT' || status === 'CANCELLED') failOver(status);
          });
          leave = await presence.enter(agent, link);
          expiry = atExpiry(principal, now(), () => fail('unauthenticated', closeCodes.tokenExpired));
        } catch (error) {
          if (!isTemporary(error)) throw error;
          // The key server or the records are unavailable: a temporary failure, not the agent's fault.
          return fail('internal_server_error', closeCodes.tryAgainLater);
        }
        // The client may have disconnected while it was being admitted.
        if (!connection.open) {
          clearTimeout(expiry);
          return leave();
        }
        state = 'in';
        send({ type: 'connect_success' });
        pinging = setInterval(() => void ping(connection), timings.pingEveryMs).unref();
      },
      tooFast: () => undefined,
      closed() {
        clearTimeout(deadline);
        clearInterval(pinging);
        clearTimeout(expiry);
        endStay();
        release?.();
        void leave?.();
      },
    });

    const ping = async (to: Connection): Promise<void> => {
      if (!(await to.answersPing(timings.pongWithinMs)) && to.open) fail('pong_timed_out');
    };
  };

interface Identified {
  principal: Principal;
  closed: ClosedExam | null;
  agent: Agent;
}

const identify = async (
  { authenticator, exams }: Pick<PresenceChannelOptions, 'authenticator' | 'exams'>,
  request: Request,
): Promise<Identified | UnrecoverableError> => {
  const principal = await authenticator.principalOf(request.token);
  if (principal === null) return 'unauthenticated';
  const classroomId = request.classroom_id;
  if (!(await exams.mayEnter(principal, classroomId))) return 'access_denied';
  const closed = await exams.closedTo(principal, classroomId);
  return { principal, closed, agent: { classroomId, agentId: agentIdOf(request.agent_label, principal.userId) } };
};

/** The key under which visits are counted. Without tokens (AUTH=dev) everybody is the same admin, so each agent has its own budget. */
const visitorOf = ({ principal, agent }: Identified): string =>
  `${agent.classroomId} ${ownerOf(principal) ?? agent.agentId}`;

type Request = v.InferOutput<typeof ConnectRequestSchema>['payload'];

const readRequest = (text: string): Request | UnrecoverableError => {
  const message = parseJson(text);
  const type = v.safeParse(v.object({ type: v.string() }), message);
  if (!type.success) return 'serialization_failed';
  if (type.output.type !== 'connect_request') return 'unsupported_request';
  const request = v.safeParse(ConnectRequestSchema, message);
  return request.success ? request.output.payload : 'serialization_failed';
};
