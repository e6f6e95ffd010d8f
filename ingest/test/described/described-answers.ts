import { answerCheck } from '../../../scripts/described/answers.mjs';
import { openapiDocument } from '../../src/api/openapi.ts';

const check = answerCheck(openapiDocument());

export interface SeenAnswer {
  method: string;
  /** With the query. */
  path: string;
  status: number;
  contentType: string | null;
  text: string;
}

/** Throws when the answer is not as `/openapi.json` describes it. What is no route of the server is no concern of it. */
export const demandDescribed = (answer: SeenAnswer): void => {
  const found = check(answer);
  if (found === null || found.wrong === null) return;
  throw new Error(`${found.what}, not as in /openapi.json: ${found.wrong}: ${answer.text.slice(0, 500)}`);
};
