/** Who acted, in the audit, where the server itself did. User ids have no colon, so no user can be one of these. */
export const systemActors = {
  sweep: 'system:sweep',
  examOver: 'system:exam-over',
  firstUse: 'system:first-use',
  retention: 'system:retention',
  timeLimit: 'system:time-limit',
  report: 'system:report',
  unobserved: 'system:unobserved',
} as const;
