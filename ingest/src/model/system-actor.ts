/**
 * The actor in the audit log for the server's own actions. User ids contain no colon, so no user can have one of these.
 */
export const systemActors = {
  sweep: 'system:sweep',
  examOver: 'system:exam-over',
  firstUse: 'system:first-use',
  retention: 'system:retention',
  timeLimit: 'system:time-limit',
  report: 'system:report',
  unobserved: 'system:unobserved',
  roster: 'system:roster',
} as const;
