import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { ConversionConfig, JsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';

export type Schemas = Readonly<Record<string, v.GenericSchema>>;
export type JsonSchemas = Record<string, JsonSchema>;

/** What a client may send, or what it gets. */
export type Direction = 'input' | 'output';

type Override = NonNullable<ConversionConfig['overrideSchema']>;

const override: Override = ({ valibotSchema, jsonSchema }) => {
  // Keys out of a list are something that JSON Schema can say (`propertyNames`); the converter only is not sure.
  if (valibotSchema.type === 'record') return jsonSchema;
  // Anything of the type is taken, and what is not known counts as this.
  if ('fallback' in valibotSchema)
    return { type: jsonSchema.type ?? 'string', default: valibotSchema.fallback as string };
  return null;
};

/** A value that has a preset is always there in what the server says. */
const overrideOutput: Override = (context) => {
  const { valibotSchema, jsonSchema } = context;
  if (!('entries' in valibotSchema)) return override(context);
  const entries = valibotSchema.entries as Record<string, v.GenericSchema & { default?: unknown }>;
  const preset = Object.keys(entries).filter((key) => entries[key]?.default !== undefined);
  return { ...jsonSchema, required: [...(jsonSchema.required ?? []), ...preset] };
};

/** Describes schemas for a document that has some of them, by name, under `components`. */
export class SchemaWriter {
  readonly #config: ConversionConfig;
  readonly #named: Schemas;

  /**
   * @param direction a schema that transforms what it reads is described as before (`input`) or after it (`output`).
   * @param target the dialect: OpenAPI 3.1 has 2020-12, AsyncAPI 3 has draft 7.
   */
  constructor(direction: Direction, target: 'draft-2020-12' | 'draft-07', named: Schemas) {
    this.#named = named;
    this.#config = {
      target,
      typeMode: direction,
      // JSON has no numbers but finite ones; the others cannot be said in JSON Schema, or need not be.
      ignoreActions: ['finite', 'check', 'trim'],
      overrideSchema: direction === 'input' ? override : overrideOutput,
      overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    };
  }

  /** The schema, with references to those that have names. */
  of(schema: v.GenericSchema): JsonSchema {
    const {
      $schema: _dialect,
      $defs: _named,
      ...described
    } = toJsonSchema(schema, {
      ...this.#config,
      definitions: this.#named,
    });
    return described;
  }

  components(): JsonSchemas {
    return toJsonSchemaDefs(this.#named, this.#config);
  }
}
