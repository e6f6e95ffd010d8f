/** JSON Schema as our descriptions have it, as a TypeScript type. */

const quoted = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

const union = (types) => {
  const distinct = [...new Set(types)];
  return distinct.length === 1 ? distinct[0] : distinct.join(' | ');
};

const inList = (type) => (/[|&]/.test(type) ? `(${type})` : type);

const primitives = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' };

const objectOf = ({ properties, required = [], additionalProperties, propertyNames }) => {
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? typescriptOf(additionalProperties) : 'unknown';
    // Not every name has to be there.
    return propertyNames?.enum === undefined
      ? `Record<string, ${value}>`
      : `Partial<Record<${typescriptOf(propertyNames)}, ${value}>>`;
  }
  const fields = Object.entries(properties).map(
    ([name, property]) => `${quoted(name)}${required.includes(name) ? '' : '?'}: ${typescriptOf(property)}`,
  );
  return `{ ${fields.join('; ')} }`;
};

const arrayOf = ({ items, prefixItems }) =>
  prefixItems === undefined
    ? `${inList(items === undefined ? 'unknown' : typescriptOf(items))}[]`
    : `[${prefixItems.map(typescriptOf).join(', ')}]`;

export const typescriptOf = (schema) => {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return union(options.map(typescriptOf));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => primitives[type]));
  if (schema.type === 'array') return arrayOf(schema);
  if (schema.type === 'object') return objectOf(schema);
  if (schema.type === undefined) return 'unknown';
  const primitive = primitives[schema.type];
  if (primitive === undefined) throw new Error(`no TypeScript for ${JSON.stringify(schema)}`);
  return primitive;
};
