/**
 * A page may set properties before the module that defines the element has loaded. They are then plain values of the object, which
 * hide the accessors: this sets them again, through the accessors.
 */
export const takeEarlyProperties = (element: object, names: readonly string[]): void => {
  const own = element as Record<string, unknown>;
  for (const name of names) {
    if (!Object.hasOwn(own, name)) continue;
    const value = own[name];
    delete own[name];
    own[name] = value;
  }
};
