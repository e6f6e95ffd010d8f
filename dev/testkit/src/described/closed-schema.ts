import type { AnySchema, ValidateFunction } from 'ajv';

/** Both `Ajv` and `Ajv2020`. */
export interface Validator {
  addFormat(name: string, format: RegExp | true): unknown;
  compile(schema: AnySchema): ValidateFunction;
  errorsText(errors: ValidateFunction['errors']): string;
}

/** Checks a value. @returns null when it matches, otherwise the problem. `name` identifies the schema in the cache. */
export type SchemaCheck = (name: string, schema: object, value: unknown) => string | null;

/** The same schema, but objects that name properties allow no others: the server must send no undocumented fields. */
const closedSchema = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closedSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closedSchema(value)]));
  return 'properties' in closed ? { additionalProperties: false, ...closed } : closed;
};

/** RFC 3339, as the server writes it. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** @param components the document's `components`, for references */
export const schemaCheck = (ajv: Validator, components: { schemas?: unknown }): SchemaCheck => {
  ajv.addFormat('date-time', dateTime);
  ajv.addFormat('uri', true);
  const schemas = closedSchema(components.schemas);
  const validators = new Map<string, ValidateFunction>();
  return (name, schema, value) => {
    const validate =
      validators.get(name) ?? ajv.compile({ ...(closedSchema(schema) as object), components: { schemas } });
    validators.set(name, validate);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
};
