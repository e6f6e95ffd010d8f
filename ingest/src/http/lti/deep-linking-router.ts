import { Router } from 'express';
import type { Chosen, DeepLinking } from '../../lti/deep-linking.ts';
import { LaunchRefusal } from '../../lti/launch-refusal.ts';
import type { AddressLimits } from '../middleware/address-limits.ts';
import { languageOf } from '../middleware/plain-page.ts';
import { readForm } from '../middleware/read-form.ts';
import { maxMinutes, maxTitleLength } from './choice-page.ts';
import { fieldsOf, textOf } from './form-fields.ts';
import type { Fields } from './form-fields.ts';
import { sendPostedForm } from './posted-form.ts';

/** `POST /lti/deep-linking`: a teacher's choice, which the browser brings to the platform. */
export const deepLinkingRouter = (deepLinking: DeepLinking, limits: Pick<AddressLimits, 'countForm'>): Router => {
  const router = Router();
  router.post('/deep-linking', readForm(limits), async (request, response) => {
    const fields = fieldsOf(request);
    const message = await deepLinking.finish(textOf(fields, 'request') ?? '', chosenIn(fields));
    sendPostedForm(response, message, { language: languageOf(request), frames: [new URL(message.url).origin] });
  });
  return router;
};

const chosenIn = (fields: Fields): Chosen => {
  if (textOf(fields, 'action') === 'cancel') return { kind: 'none' };
  const examId = textOf(fields, 'exam') ?? '';
  if (examId !== '') return { kind: 'exam', examId };
  const title = (textOf(fields, 'title') ?? '').trim().slice(0, maxTitleLength);
  const minutes = textOf(fields, 'minutes') ?? '';
  const durationMinutes = minutes === '' ? null : Number(minutes);
  const isValid =
    durationMinutes === null ||
    (Number.isInteger(durationMinutes) && durationMinutes >= 1 && durationMinutes <= maxMinutes);
  // The page's own form checks it, so this request is not the page's.
  if (!isValid) throw new LaunchRefusal('choice');
  return { kind: 'new', title: title === '' ? null : title, durationMinutes };
};
