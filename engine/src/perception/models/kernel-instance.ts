/**
 * Starts a compiled kernel of `engine/kernels` on the given memory.
 * @param code in base64. @returns its exports; null in browsers without SIMD, or if the memory cannot be used: callers have a fallback.
 */
export const kernelInstance = async <Exports>(
  name: string,
  code: string,
  memory: WebAssembly.Memory,
): Promise<Exports | null> => {
  const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  try {
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    return instance.exports as Exports;
  } catch (error) {
    console.warn(`${name}_kernel_unusable`, error);
    return null;
  }
};
