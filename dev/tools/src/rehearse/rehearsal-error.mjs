/** Something that stops a rehearsal and that its user can put right; shown without a stack. */
export class RehearsalError extends Error {
  name = 'RehearsalError';
}
