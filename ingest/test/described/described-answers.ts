import { answerCheck } from '../../../scripts/described/answers.mjs';
import { openapiDocument } from '../../src/openapi/openapi.ts';

const document = openapiDocument();
const check = answerCheck(document);

export interface SeenAnswer {
  method: string;
  /** With the query. */
  path: string;
  status: number;
  contentType: string | null;
  text: string;
}

/** Which answers of which routes were seen. */
export const seenAnswers = new Set<string>();

/** Throws when the answer is not as `/openapi.json` describes it. What is no route of the server is no concern of it. */
export const demandDescribed = (answer: SeenAnswer): void => {
  const found = check(answer);
  if (found === null) return;
  if (found.wrong === null) return void seenAnswers.add(found.what);
  throw new Error(`${found.what}, not as in /openapi.json: ${found.wrong}: ${answer.text.slice(0, 500)}`);
};

/** Every answer that is described for a request that did what was asked. */
export const describedAnswers = (): string[] =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.keys(responses)
        .filter((status) => Number(status) < 300)
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
