import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/**
 * The headers of one delivery, as https://github.com/standard-webhooks/standard-webhooks specifies them. A receiver that holds the
 * secret can verify that the body came from this server unchanged, and when it was sent.
 * @param key the secret's bytes
 */
export const webhookHeaders = (key: Uint8Array, id: string, nowMs: number, body: string): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(nowMs / 1000)),
  'webhook-signature': new Webhook(key, { format: 'raw' }).sign(id, new Date(nowMs), body),
});

/**
 * The key for an address that an exam names: derived from the operator's key, so that its receiver cannot sign as this server towards any
 * other receiver. Its text form, `whsec_…`, is shown to the exam's teachers.
 */
export const webhookKeyFor = (operatorKey: Uint8Array, url: string): Buffer =>
  createHmac('sha256', operatorKey).update(`invigil webhook key\n${url}`).digest();

export const webhookSecretText = (key: Buffer): string => `whsec_${key.toString('base64')}`;
