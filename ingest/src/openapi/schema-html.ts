import { html, prose, raw } from './html.ts';
import type { Html } from './html.ts';

/** As much of JSON Schema as our converter writes. */
export interface Described {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: readonly unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  description?: string;
  properties?: Record<string, Described>;
  required?: readonly string[];
  additionalProperties?: Described | boolean;
  items?: Described | readonly Described[];
  prefixItems?: readonly Described[];
  anyOf?: readonly Described[];
  oneOf?: readonly Described[];
}

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

const itemsOf = ({ items, prefixItems }: Described): readonly Described[] =>
  prefixItems ?? (items === undefined ? [] : Array.isArray(items) ? items : [items as Described]);

const limitsOf = (schema: Described): string[] => {
  const limits: string[] = [];
  const range = (from: number | undefined, to: number | undefined, unit: string): void => {
    if (from !== undefined && to !== undefined) limits.push(`${from}–${to}${unit}`);
    else if (from !== undefined) limits.push(`from ${from}${unit}`);
    else if (to !== undefined) limits.push(`at most ${to}${unit}`);
  };
  range(schema.minimum, schema.maximum, '');
  range(schema.minLength, schema.maxLength, ' characters');
  range(schema.minItems, schema.maxItems, ' items');
  if (schema.format !== undefined) limits.push(schema.format);
  if (schema.pattern !== undefined) limits.push(schema.pattern);
  return limits;
};

/** The type in a few words, with links to named schemas. `prefix`: of which document the names are. */
const typeOf = (schema: Described, prefix: string): Html => {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    return html`<a href="#${prefix}-schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    return html`<span class="values"
      >${schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code> `)}</span
    >`;
  }
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    return html`${options.map((option, index) => html`${index === 0 ? '' : ' or '}${typeOf(option, prefix)}`)}`;
  }
  const limits = limitsOf(schema);
  const more = limits.length === 0 ? '' : html` <small>${limits.join(', ')}</small>`;
  if (schema.type === 'array') {
    const items = itemsOf(schema).map((item, index) => html`${index === 0 ? '' : ', '}${typeOf(item, prefix)}`);
    return html`list of ${items}${more}`;
  }
  if (schema.type === 'object' && schema.properties === undefined) {
    const value = schema.additionalProperties;
    return typeof value === 'object' ? html`object of ${typeOf(value, prefix)}` : html`object`;
  }
  return html`${schema.type === undefined ? 'anything' : [schema.type].flat().join(' or ')}${more}`;
};

/** The objects that are inside, to be shown below. */
const insideOf = (schema: Described): Described[] =>
  [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...itemsOf(schema),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ].flatMap((inner) => (inner.properties === undefined ? insideOf(inner) : [inner]));

/** A schema as tables: one for each object. */
export const schemaHtml = (schema: Described, prefix: string): Html => {
  if (schema.properties === undefined) {
    const inside = insideOf(schema);
    if (inside.length === 0) return html`<p>${typeOf(schema, prefix)}</p>`;
    const words = schema.type === 'array' ? 'A list; each:' : inside.length > 1 ? 'One of:' : '';
    return html`${words === '' ? '' : html`<p>${words}</p>`}${inside.map((inner) => schemaHtml(inner, prefix))}`;
  }
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(([name, property]) => {
    const inside = property.properties === undefined ? insideOf(property) : [property];
    const deeper = inside.length === 0 ? raw('') : html`<div>${inside.map((inner) => schemaHtml(inner, prefix))}</div>`;
    const words = property.description === undefined ? '' : html`<div>${prose(property.description)}</div>`;
    const preset =
      property.default === undefined ? '' : html` <small>preset ${JSON.stringify(property.default)}</small>`;
    return html`<tr>
      <th scope="row"><code>${name}</code>${required.has(name) ? '' : html` <small>optional</small>`}</th>
      <td>${typeOf(property, prefix)}${preset}${words}${deeper}</td>
    </tr>`;
  });
  return html`<table>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
};
