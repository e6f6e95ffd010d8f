/** The schema with no room for fields that it does not name, wherever it names some: what is not described is not sent. */
export const closedSchema = (schema) => {
  if (Array.isArray(schema)) return schema.map(closedSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closedSchema(value)]));
  return 'properties' in closed ? { additionalProperties: false, ...closed } : closed;
};

/** RFC 3339, as the server writes it. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** @returns for a name and a schema whether a value is not as the schema says: null, or what is wrong. */
export const schemaCheck = (ajv, components) => {
  ajv.addFormat('date-time', dateTime);
  ajv.addFormat('uri', true);
  const schemas = closedSchema(components.schemas);
  const validators = new Map();
  return (name, schema, value) => {
    const validate = validators.get(name) ?? ajv.compile({ ...closedSchema(schema), components: { schemas } });
    validators.set(name, validate);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
};
