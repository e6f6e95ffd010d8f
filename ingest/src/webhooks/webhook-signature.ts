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
