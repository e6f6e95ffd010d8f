import express from 'express';
import type { ErrorRequestHandler } from 'express';
import { examRoutes } from './exam-routes.ts';
import { pages } from './pages.ts';
import { Proctoring } from './proctoring.ts';
import { reportRoutes } from './report-routes.ts';
import { readSettings } from './settings.ts';
import { SignIn } from './sign-in.ts';

const settings = readSettings(process.env);
const proctoring = new Proctoring(settings);

/** The page shows the message; the student can try again. */
const answerError: ErrorRequestHandler = (error: Error, _request, response, _next) => {
  console.error(error.name, error.message);
  response.status(502).json({ error: 'the proctoring server cannot be reached; please try again' });
};

const app = express().disable('x-powered-by');
app.use(reportRoutes(settings.webhookSecret, settings.teacherKey, proctoring));
app.use('/exam', examRoutes(new SignIn(), proctoring));
app.use(pages(settings));
app.use(answerError);

const server = app.listen(settings.port, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  console.log(`exam site: http://127.0.0.1:${port}`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
