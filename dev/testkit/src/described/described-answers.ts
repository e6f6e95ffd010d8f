import { openapiDocument } from '@invigil/ingest/testing';
import { answerCheck } from './answers.ts';
import type { SeenAnswer } from './answers.ts';

const document = openapiDocument();
const check = answerCheck(document);

/** Answers seen so far, as `METHOD path status`. */
export const seenAnswers = new Set<string>();

/** Throws when the answer differs from its description in `/openapi.json`. Ignores answers of unknown routes. */
export const demandDescribed = (answer: SeenAnswer): void => {
  const found = check(answer);
  if (found === null) return;
  if (found.problem === null) return void seenAnswers.add(found.what);
  throw new Error(`${found.what} differs from /openapi.json: ${found.problem}: ${answer.text.slice(0, 500)}`);
};

/** All documented answers with a status below 300. */
export const describedAnswers = (): string[] =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.keys(responses)
        .filter((status) => Number(status) < 300)
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
