import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import {
  SentinelMessageSchema,
  SentinelRegisterSchema,
  closeCodes,
  examOver,
  liveEnvelope,
  liveMessageBytes,
  pinRange,
  profileMaxSidePx,
} from '@invigil/protocol/channels';
import type { RejectReason, ServerLiveMessage } from '@invigil/protocol/channels';
import type { Authenticator } from '../auth/authenticator.ts';
import { ownerOf } from '../model/principal.ts';
import type { Principal } from '../model/principal.ts';
import type { ExamDirectory } from '../live/exam-directory.ts';
import type { ExamStays } from '../live/exam-stays.ts';
import { imageProblem } from '../live/jpeg-size.ts';
import { maxBusImageChars } from '../live/relayed-frames.ts';
import type { LiveView } from '../live/live-view.ts';
import { isTemporary } from '../model/ingest-error.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import type { Connection } from '../realtime/connection.ts';
import type { Accept, Channel } from '../realtime/channel.ts';
import { parseJson } from '../realtime/parse-json.ts';

export interface LiveChannelOptions {
  view: LiveView;
  exams: ExamDirectory;
  authenticator: Authenticator;
  /** Closes sentinels when their exam is over. */
  stays: ExamStays;
  /** Deadline for registering after connecting. */
  registerWithinMs: number;
  metrics: IngestMetrics;
  now: () => number;
}

/** About one second of maximum-size images, and a burst of them. */
const pictureLimits = {
  messageBytes: liveMessageBytes,
  bytesPerSecond: 4 * 1024 * 1024,
  byteBurst: 20 * 1024 * 1024,
};

/** `ws /ws/sentinel` */
export const sentinelChannel = (options: LiveChannelOptions): Channel => ({
  name: 'sentinel',
  identifiesLater: true,
  path: /^\/ws\/sentinel$/,
  limits: pictureLimits,
  // The client identifies itself in its first message.
  admit: async () => accept(options),
});

/** Why an image is refused, or null. Every accepted image must be able to reach proctors on all replicas. */
const pictureProblem = (data: string): string | null =>
  data.length > maxBusImageChars
    ? `the image has ${data.length} characters of base64; at most ${maxBusImageChars} are allowed`
    : imageProblem(data, profileMaxSidePx.HIGH);

const notAllowed: ServerLiveMessage = {
  type: 'server.frame.reject',
  payload: { reason: 'the exam’s policy does not allow images' },
};

type State =
  | { state: 'new' }
  | { state: 'registered'; sentinelId: string; mayShow: boolean; toldRefused: boolean; leave(): void };

const accept =
  (options: LiveChannelOptions): Accept =>
  (connection) => {
    const { view, now } = options;
    let state: State = { state: 'new' };
    const send = (message: ServerLiveMessage): void => connection.send(liveEnvelope(message, now()));
    const deadline = setTimeout(() => connection.close(closeCodes.authTimeout), options.registerWithinMs).unref();
    connection.handle({
      async message(text) {
        const parsed = v.safeParse(SentinelMessageSchema, parseJson(text));
        const message = parsed.success ? parsed.output : null;
        if (state.state === 'new') {
          if (message?.type !== 'sentinel.register') return connection.close(closeCodes.policyViolation);
          const answer = await register(options, message.payload);
          if ('reason' in answer) return reject(connection, answer.reason, now());
          if (!connection.open) return;
          clearTimeout(deadline);
          if (!connection.identified(ownerOf(answer.principal))) return;
          const { principal, sentinelId, examId, name, mayShow } = answer;
          const expiry = closeAtExpiry(connection, principal, now());
          const setResolution = (maxSidePx: number) => send({ type: 'server.set-resolution', payload: { maxSidePx } });
          // The documented protocol cannot tell a sentinel whether it is watched, so it always sends.
          const leaveView = view.join(sentinelId, { examId, name }, { setResolution, setWatched: () => undefined });
          const endStay = options.stays.begin(examId, (status) => connection.close(examOver(status)));
          const leave = (): void => {
            clearTimeout(expiry);
            endStay();
            leaveView();
          };
          state = { state: 'registered', sentinelId, mayShow, toldRefused: false, leave };
          return send({ type: 'server.registration.ack', payload: { sentinelId } });
        }
        // A second registration is ignored, like any message that cannot be parsed.
        if (message?.type !== 'sentinel.frame') return message === null ? connection.strike() : undefined;
        if (!state.mayShow) {
          if (!state.toldRefused) send(notAllowed);
          state.toldRefused = true;
          return;
        }
        const { sentinelId } = state;
        const shown = message.payload.filter(({ data }) => {
          const problem = pictureProblem(data);
          if (problem !== null) send({ type: 'server.frame.reject', payload: { reason: problem } });
          return problem === null;
        });
        view.publish(
          sentinelId,
          shown.map((frame) => ({ sentinelId, ...frame })),
        );
        if (shown.length < message.payload.length) connection.strike();
      },
      tooFast: () => undefined,
      closed() {
        clearTimeout(deadline);
        if (state.state === 'registered') state.leave();
      },
    });
  };

/** The last message to a connection that was rejected. */
export const reject = (connection: Connection, reason: RejectReason, nowMs: number): void => {
  connection.send(liveEnvelope({ type: 'server.registration.reject', payload: { reason } }, nowMs));
  connection.close(reason === 'server busy' ? closeCodes.tryAgainLater : closeCodes.policyViolation);
};

/** The principal of a registration's token, or the reason for rejecting it. */
export const identify = async (
  authenticator: Authenticator,
  auth: string | null | undefined,
): Promise<Principal | { reason: RejectReason }> => {
  const token = auth === '' ? null : (auth ?? null);
  const principal = await authenticator.principalOf(token);
  return principal ?? { reason: token === null ? 'missing auth token' : 'insufficient permissions' };
};

interface Registered {
  principal: Principal;
  sentinelId: string;
  examId: string;
  name: string;
  /** Whether the exam's policy allows its images to be forwarded. */
  mayShow: boolean;
}

const register = async (
  { authenticator, exams }: LiveChannelOptions,
  payload: unknown,
): Promise<Registered | { reason: RejectReason }> => {
  const parsed = v.safeParse(SentinelRegisterSchema, payload);
  if (!parsed.success || parsed.output.pin === undefined) return { reason: 'invalid registration payload' };
  const { pin, auth } = parsed.output;
  try {
    const principal = await identify(authenticator, auth);
    if ('reason' in principal) return principal;
    if (!Number.isInteger(pin) || pin < pinRange.min || pin > pinRange.max) return { reason: 'PIN out of range' };
    const examId = await exams.examOfPin(pin);
    if (examId === null) return { reason: 'no exam with this PIN' };
    if (!(await exams.maySit(principal, examId))) return { reason: 'insufficient permissions' };
    if ((await exams.closedTo(principal, examId)) !== null) return { reason: 'exam not open' };
    const name = (await exams.nameOf(examId, principal.userId)) ?? principal.userId;
    const { sentinel_pictures: mayShow } = await exams.policyOf(examId);
    // With a session token, its images are shown together with the session's numbers.
    return { principal, sentinelId: principal.sessionId ?? randomUUID(), examId, name, mayShow };
  } catch (error) {
    if (isTemporary(error)) return { reason: 'server busy' };
    throw error;
  }
};
