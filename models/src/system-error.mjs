/**
 * Whether a failure of the operating system is of one kind, such as a file that is not there.
 * @param {unknown} error
 * @param {'ENOENT' | 'EEXIST' | 'EPERM' | 'EROFS' | 'EACCES'} code
 */
export const isSystemError = (error, code) => error instanceof Error && 'code' in error && error.code === code;
