/** What a bus calls a subject. Both directions are exact: `subjectOf(nameOf(subject))` is `subject`. */
export interface WireNames {
  nameOf(subject: string): string;
  subjectOf(name: string): string;
}

/** Documented subjects, on which other programs publish and listen. Their messages are plain events without an envelope. */
export const isDocumented = (subject: string): boolean => subject.startsWith('classrooms.');

/**
 * Documented subjects have their documented names; the replicas' own messages are kept apart from those of other programs.
 * @param prefix in front of every name (`BUS_PREFIX`), for several installations on one bus
 * @param own in front of the names of the replicas' own messages
 * @example wireNames('', 'invigil.').nameOf('classrooms.c1.presence') // 'classrooms.c1.presence'
 */
export const wireNames = (prefix: string, own: string): WireNames => ({
  nameOf: (subject) => prefix + (isDocumented(subject) ? '' : own) + subject,
  subjectOf(name) {
    const subject = name.slice(prefix.length);
    return subject.startsWith(own) ? subject.slice(own.length) : subject;
  },
});
