import * as v from 'valibot';
import { PROBLEM_CODES } from './problem.ts';
import type { Problem } from './problem.ts';
import type { TypeEquals } from '../frame/type-equals.ts';

export const problemEntries = {
  code: v.picklist(PROBLEM_CODES),
  message: v.string(),
  field: v.exactOptional(v.string()),
  seq: v.exactOptional(v.number()),
};

const ProblemSchema = v.object(problemEntries);

const matches: TypeEquals<v.InferOutput<typeof ProblemSchema>, Problem> = true;
void matches;
