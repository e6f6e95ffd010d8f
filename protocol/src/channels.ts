/** Messages of the WebSocket channels and bodies of the REST requests: schemas, types and limits. */
export { problemCodes } from './channels/problem.ts';
export type { Problem, ProblemCode } from './channels/problem.ts';
export { violationTypes } from './frame/violation.ts';
export type { Violation, ViolationType } from './frame/violation.ts';
export type { SeqRange } from './frame/seq-range.ts';
export { closeCodes, examOver, isOwnReason, messageTooBig, shouldReconnect } from './channels/close-codes.ts';
export type { CloseName, CloseReason } from './channels/close-codes.ts';
export { alertOutcomes } from './channels/alerts.ts';
export type { AlertOutcome } from './channels/alerts.ts';
export { ExamPolicySchema, webhookFormats } from './channels/exam-policy.ts';
export type { ExamPolicy, WebhookFormat } from './channels/exam-policy.ts';
export { lossReasons, pictureMaxSidePx } from './channels/session.ts';
export type {
  ClientSessionMessage,
  Hello,
  Losses,
  LossReason,
  Picture,
  RejectedFrame,
  ServerSessionMessage,
} from './channels/session.ts';
export { readSessionMessage } from './channels/read-session-message.ts';
export {
  FeaturesWithTimeSchema,
  ServerSessionMessageSchema,
  sessionClientMessages,
} from './channels/session-schemas.ts';
export { breakActions, BreakRequestSchema, FlagRequestSchema, MessageRequestSchema } from './channels/guidance.ts';
export type { BreakAction, GuidanceMessage } from './channels/guidance.ts';
export {
  examStatuses,
  ExamClientMessageSchema,
  ExamEventSchema,
  ExamTeacherEventSchema,
  highlightTextLength,
} from './channels/exam.ts';
export type { ExamEvent, ExamStatus, ExamTeacherEvent, ServerExamMessage } from './channels/exam.ts';
export { ExamAnswerSchema } from './channels/exam-schemas.ts';
export { ClassMessageSchema, ExamChangesSchema, ExtraTimeSchema } from './channels/exam-setup-requests.ts';
export type { ExamChanges, ExtraTimeRequest } from './channels/exam-setup-requests.ts';
export {
  AnswerSchema,
  CheckResultsSchema,
  CheckSchema,
  EnrolmentsSchema,
  HighlightSchema,
  LinksSchema,
  NewExamSchema,
  ProgressSchema,
  StudentRequestSchema,
  SubmissionSchema,
  ViolationReportSchema,
  studentRequestKinds,
} from './channels/exam-requests.ts';
export type {
  AnswerRequest,
  CheckItem,
  CheckResults,
  EnrolmentsRequest,
  HighlightRequest,
  LinksRequest,
  NewExamRequest,
  ProgressRequest,
  StudentRequestBody,
  StudentRequestKind,
} from './channels/exam-requests.ts';
export {
  ProctorMessageSchema,
  ProctorRegisterSchema,
  SentinelMessageSchema,
  SentinelRegisterSchema,
  liveEnvelope,
  liveMessageBytes,
  pinRange,
  profileMaxSidePx,
  unobservedReasons,
} from './channels/live.ts';
export type {
  LiveEnvelope,
  LiveFrame,
  LiveFrameCoverage,
  LiveFrameRecent,
  LiveProfile,
  ProctorMessage,
  RejectReason,
  SentinelInfo,
  ServerLiveMessage,
  UnobservedReason,
  UnobservedSentinel,
} from './channels/live.ts';
export {
  LiveFrameSchema,
  RelayedFrameSchema,
  ServerLiveEnvelopeSchema,
  proctorClientMessages,
  sentinelClientMessages,
} from './channels/live-schemas.ts';
export {
  ClassroomEventSchema,
  ConnectRequestSchema,
  agentIdOf,
  recoverable,
  unrecoverable,
} from './channels/presence.ts';
export type { ClassroomEvent, ServerPresenceMessage, UnrecoverableError } from './channels/presence.ts';
export { ServerPresenceMessageSchema } from './channels/presence-schemas.ts';
export { AlertsClientMessageSchema } from './channels/alerts.ts';
export type { AlertResult, AlertsClientMessage, ConnectionsReport, ServerAlertsMessage } from './channels/alerts.ts';
export { AlertResultSchema, ConnectionsReportSchema, ServerAlertsMessageSchema } from './channels/alerts-schemas.ts';
export { messagesByType } from './channels/messages-by-type.ts';
