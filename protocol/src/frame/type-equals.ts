/**
 * `true` if two types have the same shape, otherwise `never`. Assign `true` to it, and compilation fails as soon as a
 * schema and a hand-written type differ.
 */
export type TypeEquals<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
