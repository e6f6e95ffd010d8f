/** @typedef {'unknown-model' | 'network' | 'package-changed' | 'corrupt-archive' | 'file-missing' | 'mismatch'} InstallErrorReason */

/** Everything the installer refuses, with a message for the person who ran it. */
export class InstallError extends Error {
  /**
   * @param {InstallErrorReason} reason
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(reason, message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InstallError';
    this.reason = reason;
  }
}

/**
 * @param {readonly string[]} unknown
 * @param {readonly { name: string }[]} models
 */
export const unknownModelError = (unknown, models) =>
  new InstallError(
    'unknown-model',
    `no such model to skip: ${unknown.join(', ')}; there are ${models.map((model) => model.name).join(', ')}`,
  );

/** @param {unknown} cause */
export const networkError = (cause) => {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new InstallError('network', detail, cause);
};

/**
 * @param {string} spec
 * @param {string} expected
 * @param {string} found
 */
export const packageChangedError = (spec, expected, found) =>
  new InstallError(
    'package-changed',
    `the registry offers another ${spec}: expected integrity ${expected}, found ${found}`,
  );

/** @param {unknown} cause */
export const corruptArchiveError = (cause) => {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new InstallError('corrupt-archive', `the archive cannot be read: ${detail}`, cause);
};

/** @param {readonly string[]} files */
export const fileMissingError = (files) =>
  new InstallError('file-missing', `not found in the source: ${files.join(', ')}`);

/**
 * @param {string} file
 * @param {string} expected
 * @param {string} found
 */
export const mismatchError = (file, expected, found) =>
  new InstallError('mismatch', `${file}: expected ${expected}, found ${found}; the file was deleted`);
