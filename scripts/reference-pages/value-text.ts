import { code } from './markdown.ts';

/** The parts of a valibot schema from which its values are described. */
export interface Schema {
  readonly type: string;
  readonly wrapped?: Schema;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
  readonly options?: readonly unknown[];
  readonly item?: Schema;
  readonly entries?: Readonly<Record<string, Schema>>;
}

const numberText = ({ pipe = [] }: Schema): string => {
  const bound = (type: string): unknown => pipe.find((step) => step.type === type)?.requirement;
  const [min, max] = [bound('min_value'), bound('max_value')];
  const kind = pipe.some(({ type }) => type === 'integer') ? 'integer' : 'number';
  if (typeof min !== 'number' || typeof max !== 'number') return kind;
  if (Math.abs(max) > 1e12) return kind;
  return `${kind}, ${Number(min.toFixed(2))} to ${Number(max.toFixed(2))}`;
};

/** Describes in words which values a schema accepts. */
export const valueText = (schema: Schema): string => {
  switch (schema.type) {
    case 'optional':
    case 'nullable':
      return schema.wrapped === undefined ? '' : valueText(schema.wrapped);
    case 'picklist':
      return (schema.options ?? []).map((option) => code(String(option))).join(', ');
    case 'number':
      return numberText(schema);
    case 'array':
      return `list of objects {${Object.keys(schema.item?.entries ?? {}).join(', ')}}`;
    case 'object':
      return `object {${Object.keys(schema.entries ?? {}).join(', ')}}`;
    case 'record':
      return 'object: reason by group of readings';
    default:
      return 'milliseconds since the Unix epoch, or ISO 8601';
  }
};
