export type InstallErrorReason =
  | 'unknown-model'
  | 'network'
  | 'package-changed'
  | 'corrupt-archive'
  | 'file-missing'
  | 'mismatch';

/** Every error of the installer, with a message for the person who ran it. */
export class InstallError extends Error {
  readonly reason: InstallErrorReason;

  constructor(reason: InstallErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InstallError';
    this.reason = reason;
  }
}

export const unknownModelError = (unknown: readonly string[], models: readonly { name: string }[]) =>
  new InstallError(
    'unknown-model',
    `no such model to skip: ${unknown.join(', ')}; there are ${models.map((model) => model.name).join(', ')}`,
  );

export const networkError = (cause: unknown) => {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new InstallError('network', detail, cause);
};

export const packageChangedError = (spec: string, expected: string, found: string) =>
  new InstallError(
    'package-changed',
    `the registry offers another ${spec}: expected integrity ${expected}, found ${found}`,
  );

export const corruptArchiveError = (cause: unknown) => {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new InstallError('corrupt-archive', `the archive cannot be read: ${detail}`, cause);
};

export const fileMissingError = (files: readonly string[]) =>
  new InstallError('file-missing', `not found in the source: ${files.join(', ')}`);

export const mismatchError = (file: string, expected: string, found: string) =>
  new InstallError('mismatch', `${file}: expected ${expected}, found ${found}; the file was deleted`);
