import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** The bytes of a secret as Standard Webhooks writes it (`whsec_` and base64); null for anything else, or for fewer than 24 bytes. */
export const webhookKeyOf = (secret: string): Buffer | null => {
  if (!secret.startsWith(prefix)) return null;
  const text = secret.slice(prefix.length);
  const key = Buffer.from(text, 'base64');
  return key.length >= 24 && key.length <= 64 && key.toString('base64') === text ? key : null;
};

/**
 * The headers of one delivery, as https://github.com/standard-webhooks/standard-webhooks has them: whoever holds the secret can
 * tell that the body is ours, that it is this one, and when it was sent.
 */
export const webhookHeaders = (key: Buffer, id: string, nowMs: number, body: string): Record<string, string> => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};
