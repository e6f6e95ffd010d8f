import { createHmac } from 'node:crypto';

/**
 * The headers of one delivery, as https://github.com/standard-webhooks/standard-webhooks has them: whoever holds the secret can
 * tell that the body is ours, that it is this one, and when it was sent.
 */
export const webhookHeaders = (key: Buffer, id: string, nowMs: number, body: string): Record<string, string> => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};
