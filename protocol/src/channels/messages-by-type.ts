import type * as v from 'valibot';

type TypedMessage = v.ObjectSchema<
  { type: v.LiteralSchema<string, undefined> } & v.ObjectEntries,
  v.ErrorMessage<v.ObjectIssue> | undefined
>;

/** The alternatives of a channel's variant schema, by their `type`. */
export const messagesByType = (variant: { options: readonly TypedMessage[] }): Record<string, TypedMessage> =>
  Object.fromEntries(variant.options.map((message) => [message.entries.type.literal, message]));
