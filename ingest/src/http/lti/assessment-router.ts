import { Router } from 'express';
import type { Authenticator } from '../../auth/authenticator.ts';
import { LaunchRefusal } from '../../lti/launch-refusal.ts';
import type { Proctoring } from '../../lti/proctoring.ts';
import type { AddressLimits } from '../middleware/address-limits.ts';
import { languageOf } from '../middleware/plain-page.ts';
import { readForm } from '../middleware/read-form.ts';
import { fieldsOf, textOf } from './form-fields.ts';
import { isFromOwnPage } from './own-page.ts';
import { sendPostedForm } from './posted-form.ts';

export interface AssessmentRouterOptions {
  proctoring: Proctoring;
  authenticator: Authenticator;
  /** The server's own web origin. */
  origin: string;
  limits: Pick<AddressLimits, 'countForm'>;
}

/** `POST /lti/assessment`: the exam page opens it in a new window, once the observation runs; it goes on to the platform's assessment. */
export const assessmentRouter = ({ proctoring, authenticator, origin, limits }: AssessmentRouterOptions): Router => {
  const router = Router();
  router.post('/assessment', readForm(limits), async (request, response) => {
    if (!isFromOwnPage(request, origin)) throw new LaunchRefusal('browser');
    const fields = fieldsOf(request);
    const principal = await authenticator.principalOf(textOf(fields, 'token'));
    // A teacher can start a session for a student, but not the assessment; a phone is only the camera.
    const isStudent =
      principal?.role === 'STUDENT' && principal.mayAnswer !== false && principal.cameraLinkId === undefined;
    if (!isStudent || principal.examId === null) throw new LaunchRefusal('learner');
    const message = await proctoring.startAssessment(principal.examId, principal.userId);
    sendPostedForm(response, message, { language: languageOf(request), frames: [] });
  });
  return router;
};
