import * as v from 'valibot';
import { IngestError } from '../model/ingest-error.ts';
import { crossFieldRules, invalidSetting } from './cross-field-rules.ts';
import { EnvironmentSchema, isVariable, settingOf } from './environment.ts';
import type { ParsedEnvironment } from './environment.ts';

export type Environment = Record<string, string | undefined>;

/** Parses the environment. Throws `bad_config` with one line for each invalid value. */
export const readEnvironment = (environment: Environment): ParsedEnvironment => {
  // Shells and compose files pass an unset variable as an empty one.
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== '' && value !== undefined),
  );
  const { issues = [] } = v.safeParse(EnvironmentSchema, set);
  const invalid = new Set(issues.map(({ path }) => String(path?.[0].key)).filter(isVariable));
  // Parse again without the invalid values, so that one failed start also reports cross-field problems of the valid ones.
  const valid = Object.entries(set).filter(([name]) => !isVariable(name) || !invalid.has(name));
  const env = v.parse(EnvironmentSchema, Object.fromEntries(valid));
  const problems = [
    ...[...invalid].map((name) => invalidSetting(name, environment[name], settingOf(name).allowed)),
    ...crossFieldRules.flatMap(({ names, problem }) =>
      names.some((name) => invalid.has(name)) ? [] : (problem(env) ?? []),
    ),
  ];
  if (problems.length > 0) throw new IngestError('bad_config', problems.join('\n'));
  return env;
};
