import * as v from 'valibot';
import { ProctorMessageSchema, ProctorRegisterSchema, closeCodes } from '@invigil/protocol/channels';
import type { RejectReason } from '@invigil/protocol/channels';
import { ProctorView } from '../live/proctor-view.ts';
import { ownerOf } from '../model/principal.ts';
import type { Principal } from '../model/principal.ts';
import { isTemporary } from '../model/ingest-error.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import type { Accept, Channel } from '../realtime/channel.ts';
import { parseJson } from '../realtime/parse-json.ts';
import { identify, reject } from './sentinel.ts';
import type { LiveChannelOptions } from './sentinel.ts';

/** A wall of hundreds of students subscribes all at once, and images are larger than other messages. */
const proctorLimits = {
  messagesPerSecond: 200,
  messageBurst: 5000,
  sendBufferBytes: 20 * 1024 * 1024,
};
/** `ws /ws/proctor` */
export const proctorChannel = (options: LiveChannelOptions): Channel => ({
  name: 'proctor',
  identifiesLater: true,
  path: /^\/ws\/proctor$/,
  limits: proctorLimits,
  admit: async () => accept(options),
});

const accept =
  (options: LiveChannelOptions): Accept =>
  (connection) => {
    let proctor: ProctorView | null = null;
    let expiry: NodeJS.Timeout | undefined;
    const deadline = setTimeout(() => connection.close(closeCodes.authTimeout), options.registerWithinMs).unref();
    connection.handle({
      async message(text) {
        const parsed = v.safeParse(ProctorMessageSchema, parseJson(text));
        const message = parsed.success ? parsed.output : null;
        if (proctor !== null) return message === null ? connection.strike() : proctor.take(message);
        if (message?.type !== 'proctor.register') return connection.close(closeCodes.policyViolation);
        const answer = await register(options, message.payload);
        if ('reason' in answer) return reject(connection, answer.reason, options.now());
        const { principal, wantsUnobserved } = answer;
        if (!connection.open) return;
        clearTimeout(deadline);
        if (!connection.identified(ownerOf(principal))) return;
        expiry = closeAtExpiry(connection, principal, options.now());
        proctor = new ProctorView(connection, principal, { ...options, wantsUnobserved });
        await proctor.begin();
      },
      tooFast: () => undefined,
      closed() {
        clearTimeout(deadline);
        clearTimeout(expiry);
        proctor?.end();
      },
    });
  };

interface Registered {
  principal: Principal;
  wantsUnobserved: boolean;
}

const register = async (
  { authenticator }: LiveChannelOptions,
  payload: unknown,
): Promise<Registered | { reason: RejectReason }> => {
  const parsed = v.safeParse(ProctorRegisterSchema, payload);
  if (!parsed.success) return { reason: 'invalid registration payload' };
  try {
    const principal = await identify(authenticator, parsed.output.auth);
    if ('reason' in principal) return principal;
    if (principal.role === 'STUDENT') return { reason: 'insufficient permissions' };
    return { principal, wantsUnobserved: parsed.output.unobserved === true };
  } catch (error) {
    if (isTemporary(error)) return { reason: 'server busy' };
    throw error;
  }
};
