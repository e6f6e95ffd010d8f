import * as v from 'valibot';
import { problemCodes } from './problem.ts';
import type { TypeEquals } from '../frame/type-equals.ts';
import type { ExamAnswer } from './exam.ts';

export const ExamAnswerSchema = v.variant('type', [
  v.object({ type: v.literal('pong') }),
  v.object({ type: v.literal('error'), message: v.string(), code: v.picklist(problemCodes) }),
]);

const matches: TypeEquals<v.InferOutput<typeof ExamAnswerSchema>, ExamAnswer> = true;
void matches;
