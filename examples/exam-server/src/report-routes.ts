import { Router, text } from 'express';
import { Webhook } from 'standardwebhooks';
import type { Proctoring } from './proctoring.ts';

interface ReportCreated {
  type: 'report.created';
  data: { session_id: string; member_id: string | null; version: number };
}

interface KeptReport {
  student: string | null;
  sessionId: string;
  version: number;
  risk: number;
  observations: number;
}

const keptIds = 10_000;

/** Receives the proctoring server's webhooks, fetches each new report, and lists the reports for teachers. */
export const reportRoutes = (webhookSecret: string, teacherKey: string, proctoring: Proctoring): Router => {
  const webhook = new Webhook(webhookSecret);
  const reports = new Map<string, KeptReport>();
  // A webhook may arrive more than once; its id stays the same.
  const seen = new Set<string>();
  const router = Router();

  const keep = async ({ data }: ReportCreated): Promise<void> => {
    const report = await proctoring.report(data.session_id);
    reports.set(data.session_id, {
      student: data.member_id,
      sessionId: data.session_id,
      version: data.version,
      risk: report.risk.value,
      observations: report.observations.length,
    });
  };

  // The signature covers the body as sent, so this route must receive the raw body.
  router.post('/webhooks/invigil', text({ type: '*/*', limit: '1mb' }), async (request, response) => {
    const id = request.get('webhook-id') ?? '';
    let event: { type: string };
    try {
      event = webhook.verify(request.body as string, {
        'webhook-id': id,
        'webhook-timestamp': request.get('webhook-timestamp') ?? '',
        'webhook-signature': request.get('webhook-signature') ?? '',
      }) as { type: string };
    } catch {
      response.status(401).json({ error: 'the signature is wrong' });
      return;
    }
    // After an error this answers 500 and the proctoring server retries, so the id is stored only on success.
    if (!seen.has(id) && event.type === 'report.created') await keep(event as ReportCreated);
    if (seen.size >= keptIds) seen.clear();
    seen.add(id);
    response.status(204).end();
  });

  router.get('/reports', (request, response) => {
    if (request.get('authorization') !== `Bearer ${teacherKey}`) response.status(401).json({ error: 'for teachers' });
    else response.json([...reports.values()]);
  });

  return router;
};
