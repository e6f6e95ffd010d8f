import { openapiDocument } from '@invigil/ingest/testing';
import { answerCheck } from './answers.ts';
import type { SeenAnswer } from './answers.ts';
import { recordExample } from './example-recorder.ts';

const document = openapiDocument();
const check = answerCheck(document);

/** Answers seen so far, as `METHOD path status`. */
export const seenAnswers = new Set<string>();

/** Throws when the answer to a request with this body differs from its description in `/openapi.json`. Ignores answers of unknown routes. */
export const demandDescribed = (answer: SeenAnswer, body?: unknown): void => {
  const found = check(answer);
  if (found === null) return;
  if (found.problem === null) {
    seenAnswers.add(found.what);
    if (answer.status < 300) record(found.what, answer, body);
    return;
  }
  throw new Error(`${found.what} differs from /openapi.json: ${found.problem}: ${answer.text.slice(0, 500)}`);
};

/** Descriptions contain all other examples, and need none themselves. */
const isDescription = (what: string): boolean => / \/(openapi|asyncapi)\.json /.test(what);

const record = (what: string, { contentType, text }: SeenAnswer, body: unknown): void => {
  if (isDescription(what)) return;
  recordExample(`body ${what.split(' ').slice(0, 2).join(' ')}`, body);
  if (contentType?.startsWith('application/json') === true) recordExample(`answer ${what}`, JSON.parse(text));
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
