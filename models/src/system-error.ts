/** Whether a failure of the operating system is of one kind, such as a file that is not there. */
export const isSystemError = (error: unknown, code: 'ENOENT' | 'EEXIST' | 'EPERM' | 'EROFS' | 'EACCES') =>
  error instanceof Error && 'code' in error && error.code === code;
