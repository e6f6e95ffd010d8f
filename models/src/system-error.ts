/** Whether a system error is of one kind, such as a missing file. */
export const isSystemError = (error: unknown, code: 'ENOENT' | 'EEXIST' | 'EPERM' | 'EROFS' | 'EACCES') =>
  error instanceof Error && 'code' in error && error.code === code;
