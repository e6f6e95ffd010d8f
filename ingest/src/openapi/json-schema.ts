import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { ConversionConfig, JsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';

export type Schemas = Readonly<Record<string, v.GenericSchema>>;
export type JsonSchemas = Record<string, JsonSchema>;

/** Whether a schema describes what a client sends, or what it receives. */
export type Direction = 'input' | 'output';

type Override = NonNullable<ConversionConfig['overrideSchema']>;

const override: Override = ({ valibotSchema, jsonSchema }) => {
  // JSON Schema can express a list of allowed keys (`propertyNames`); the converter does not support it for partial records.
  if (valibotSchema.type === 'record') return jsonSchema;
  // Any value of the type is accepted; unknown values are read as the fallback.
  if ('fallback' in valibotSchema)
    return { type: jsonSchema.type ?? 'string', default: valibotSchema.fallback as string };
  return null;
};

/** A value with a default is always present in the server's responses. */
const overrideOutput: Override = (context) => {
  const { valibotSchema, jsonSchema } = context;
  if (!('entries' in valibotSchema)) return override(context);
  const entries = valibotSchema.entries as Record<string, v.GenericSchema & { default?: unknown }>;
  const preset = Object.keys(entries).filter((key) => entries[key]?.default !== undefined);
  return { ...jsonSchema, required: [...(jsonSchema.required ?? []), ...preset] };
};

/** Describes schemas for a document that keeps the named ones under `components`. */
export class SchemaWriter {
  readonly #config: ConversionConfig;
  readonly #named: Schemas;
  readonly #described = new Map<v.GenericSchema, JsonSchema>();

  /**
   * @param direction describes a transforming schema before (`input`) or after (`output`) the transformation.
   * @param target the dialect: OpenAPI 3.1 uses 2020-12, AsyncAPI 3 uses draft 7.
   */
  constructor(direction: Direction, target: 'draft-2020-12' | 'draft-07', named: Schemas) {
    this.#named = named;
    this.#config = {
      target,
      typeMode: direction,
      // JSON has finite numbers only; other formats cannot be expressed in JSON Schema, or need not be.
      ignoreActions: ['finite', 'check', 'trim'],
      overrideSchema: direction === 'input' ? override : overrideOutput,
      overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    };
  }

  /** The schema, with references to the named ones. */
  of(schema: v.GenericSchema): JsonSchema {
    this.add([schema]);
    return this.#described.get(schema) ?? {};
  }

  /**
   * Describes schemas ahead of `of`. The converter describes all named schemas again on each call, which costs much more than most of the
   * schemas themselves; one call for many costs this once.
   */
  add(schemas: readonly v.GenericSchema[]): void {
    const unknown = [...new Set(schemas)].filter((schema) => !this.#described.has(schema));
    if (unknown.length === 0) return;
    const { anyOf = [] } = toJsonSchema(v.union(unknown), { ...this.#config, definitions: this.#named });
    for (const [index, schema] of unknown.entries()) this.#described.set(schema, anyOf[index] as JsonSchema);
  }

  components(): JsonSchemas {
    return toJsonSchemaDefs(this.#named, this.#config);
  }
}
