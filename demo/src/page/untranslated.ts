/**
 * Keeps a browser's translator away from a value without words; translators move text nodes, and the number would stand still.
 * @example <dd class="number" {...untranslated(value)}>{value}</dd>
 */
export const untranslated = (value: string): { translate?: false } =>
  /\p{L}{3}/u.test(value) ? {} : { translate: false };
