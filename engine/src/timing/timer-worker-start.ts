/** The timer worker's first message, instead of the number of a call. */
export const startedId = 0;
