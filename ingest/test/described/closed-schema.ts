/** The schema with no room for fields that it does not name, wherever it names some: what is not described is not sent. */
export const closedSchema = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closedSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closedSchema(value)]));
  return 'properties' in closed ? { additionalProperties: false, ...closed } : closed;
};

/** RFC 3339, as the server writes it. */
export const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
