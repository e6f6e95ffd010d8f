/** For a failed access to a file: null if it does not exist. Throws any other error. */
export const nullIfAbsent = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};
