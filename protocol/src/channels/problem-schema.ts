import * as v from 'valibot';
import { problemCodes } from './problem.ts';
import type { Problem } from './problem.ts';
import type { TypeEquals } from '../frame/type-equals.ts';

export const problemEntries = {
  code: v.picklist(problemCodes),
  message: v.string(),
  field: v.exactOptional(v.string()),
  seq: v.exactOptional(v.number()),
};

const ProblemSchema = v.object(problemEntries);

const matches: TypeEquals<v.InferOutput<typeof ProblemSchema>, Problem> = true;
void matches;
