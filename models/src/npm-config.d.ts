/** `@npmcli/config` ships no types; these are the parts that `npm-options.ts` uses. */
declare module '@npmcli/config' {
  export default class Config {
    constructor(options: Record<string, unknown>);
    load(): Promise<boolean>;
    /** The options of every source, merged and named as npm's libraries expect them. */
    readonly flat: Record<string, unknown>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const definitions: Record<string, unknown>;
  export default definitions;
}
