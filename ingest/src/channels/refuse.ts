import { closeCodes } from '@invigil/protocol/channels';
import type { Problem } from '@invigil/protocol/channels';
import type { Refusal } from '../realtime/channel.ts';

/** Refuses a client with 1008, so that it does not reconnect. `field` names the invalid part of the address. */
export const refuse = (code: Problem['code'], message: string, field?: string): Refusal => ({
  problem: field === undefined ? { code, message } : { code, message, field },
  close: closeCodes.policyViolation,
});
