import * as v from 'valibot';
import type { TypeEquals } from '../frame/type-equals.ts';
import { observationTypes } from './observation.ts';
import type { Observation } from './observation.ts';

export const ObservationSchema = v.object({
  id: v.string(),
  type: v.picklist(observationTypes),
  from_ms: v.number(),
  to_ms: v.number(),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  measured: v.record(v.string(), v.number()),
  evidence: v.object({ first: v.string(), strongest: v.string(), last: v.string() }),
  frames: v.pipe(v.number(), v.integer(), v.minValue(0)),
  usual: v.exactOptional(v.literal(true)),
});

const matches: TypeEquals<v.InferOutput<typeof ObservationSchema>, Observation> = true;
void matches;
