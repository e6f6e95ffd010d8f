/** `true` where two types are the same shape, `never` where one has drifted from the other: assign `true` to it to be told. */
export type TypeEquals<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
