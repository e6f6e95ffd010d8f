import type * as v from 'valibot';

/** A kind of message on the bus: the pattern of its subjects, and the schema that every received message is parsed with. */
export interface Topic<Pattern extends string, Message extends object> {
  readonly pattern: Pattern;
  readonly schema: v.GenericSchema<unknown, Message>;
}

/** One word for each `*` of a pattern. */
export type Words<Pattern extends string, Word = string> = Pattern extends `${string}*${infer Rest}`
  ? [Word, ...Words<Rest, Word>]
  : [];

export const defineTopic = <const Pattern extends string, Message extends object>(
  pattern: Pattern,
  schema: v.GenericSchema<unknown, Message>,
): Topic<Pattern, Message> => ({ pattern, schema });
