import type { ExamPolicy } from '@invigil/protocol/channels';
import type { ExamChanges, ExamState, NewExam } from '../api/exam-api.ts';

/** What the fields of the set-up form hold. Empty text: no value. */
export interface ExamDraft {
  title: string;
  /** Local time, `YYYY-MM-DDTHH:mm`. */
  scheduledAt: string;
  minutes: string;
  questions: string;
  examUrl: string;
  /** User ids, separated by commas or spaces. */
  teachers: string;
  organiserName: string;
  organiserContact: string;
  privacyUrl: string;
  liveView: ExamPolicy['live_view'];
  alertThumbnails: boolean;
  sentinelImages: boolean;
  breaks: boolean;
  chat: boolean;
  phoneCamera: boolean;
  withoutCamera: boolean;
  withoutAnalysis: boolean;
  withoutStorage: boolean;
  withoutLock: boolean;
  safeExamBrowser: boolean;
  /** Keys, separated by commas or spaces. */
  sebConfigKeys: string;
  sebBrowserExamKeys: string;
  reportToStudent: boolean;
  history: boolean;
  reviewers: '1' | '2';
  rulesVersion: string;
  framesDays: string;
  reportsDays: string;
  webhookUrl: string;
  webhookFormat: ExamPolicy['webhook_format'];
}

export type DraftField = keyof ExamDraft;

/** Each field's name in the API, to which the server's problems refer. */
export const apiFields: Readonly<Record<DraftField, string>> = {
  title: 'title',
  scheduledAt: 'scheduled_at',
  minutes: 'duration_minutes',
  questions: 'total_questions',
  examUrl: 'policy.exam_url',
  teachers: 'teachers',
  organiserName: 'policy.organiser.name',
  organiserContact: 'policy.organiser.contact',
  privacyUrl: 'policy.organiser.privacy_url',
  liveView: 'policy.live_view',
  alertThumbnails: 'policy.evidence',
  sentinelImages: 'policy.sentinel_pictures',
  breaks: 'policy.breaks',
  chat: 'policy.chat',
  phoneCamera: 'policy.phone_camera',
  withoutCamera: 'policy.may_run_without.camera',
  withoutAnalysis: 'policy.may_run_without.image_analysis',
  withoutStorage: 'policy.may_run_without.storage',
  withoutLock: 'policy.may_run_without.lock',
  safeExamBrowser: 'policy.safe_exam_browser',
  sebConfigKeys: 'policy.safe_exam_browser.config_keys',
  sebBrowserExamKeys: 'policy.safe_exam_browser.browser_exam_keys',
  reportToStudent: 'policy.report_to_student',
  history: 'policy.history',
  reviewers: 'policy.reviewers',
  rulesVersion: 'policy.rules_version',
  framesDays: 'policy.retention.frames_days',
  reportsDays: 'policy.retention.reports_days',
  webhookUrl: 'policy.webhook_url',
  webhookFormat: 'policy.webhook_format',
};

/** The server's defaults. */
export const newDraft: ExamDraft = {
  title: '',
  scheduledAt: '',
  minutes: '',
  questions: '',
  examUrl: '',
  teachers: '',
  organiserName: '',
  organiserContact: '',
  privacyUrl: '',
  liveView: 'numbers',
  alertThumbnails: false,
  sentinelImages: false,
  breaks: false,
  chat: true,
  phoneCamera: false,
  withoutCamera: false,
  withoutAnalysis: false,
  withoutStorage: true,
  withoutLock: true,
  safeExamBrowser: false,
  sebConfigKeys: '',
  sebBrowserExamKeys: '',
  reportToStudent: true,
  history: false,
  reviewers: '1',
  rulesVersion: '',
  framesDays: '30',
  reportsDays: '365',
  webhookUrl: '',
  webhookFormat: 'invigil',
};

/** "2026-12-01T09:00" in the reader's time zone. @param at ISO 8601 */
const localTime = (at: string): string => {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const textOf = (value: string | number | null | undefined): string => (value == null ? '' : String(value));

/** The form's contents for an exam. */
export const draftOf = (exam: ExamState): ExamDraft => {
  const { policy } = exam;
  return {
    title: textOf(exam.title),
    scheduledAt: exam.scheduled_at === null ? '' : localTime(exam.scheduled_at),
    minutes: textOf(exam.duration_minutes),
    questions: textOf(exam.total_questions),
    examUrl: textOf(policy.exam_url),
    teachers: exam.teachers.join(', '),
    organiserName: textOf(policy.organiser?.name),
    organiserContact: textOf(policy.organiser?.contact),
    privacyUrl: textOf(policy.organiser?.privacy_url),
    liveView: policy.live_view,
    alertThumbnails: policy.evidence === 'thumbnail',
    sentinelImages: policy.sentinel_pictures,
    breaks: policy.breaks,
    chat: policy.chat,
    phoneCamera: policy.phone_camera,
    withoutCamera: policy.may_run_without.camera,
    withoutAnalysis: policy.may_run_without.image_analysis,
    withoutStorage: policy.may_run_without.storage,
    withoutLock: policy.may_run_without.lock,
    safeExamBrowser: policy.safe_exam_browser != null,
    sebConfigKeys: policy.safe_exam_browser?.config_keys.join(', ') ?? '',
    sebBrowserExamKeys: policy.safe_exam_browser?.browser_exam_keys.join(', ') ?? '',
    reportToStudent: policy.report_to_student,
    history: policy.history,
    reviewers: policy.reviewers === 2 ? '2' : '1',
    rulesVersion: textOf(policy.rules_version),
    framesDays: textOf(policy.retention.frames_days),
    reportsDays: textOf(policy.retention.reports_days),
    webhookUrl: textOf(policy.webhook_url),
    webhookFormat: policy.webhook_format,
  };
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const numberOrNull = (text: string): number | null => (text.trim() === '' ? null : Number(text));

const organiserOf = (draft: ExamDraft): ExamPolicy['organiser'] => {
  const [name, contact, privacyUrl] = [draft.organiserName, draft.organiserContact, draft.privacyUrl].map(orNull);
  if (name === null && contact === null && privacyUrl === null) return null;
  return { name: name ?? '', contact: contact ?? null, privacy_url: privacyUrl ?? null };
};

const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== '');

export const policyOf = (draft: ExamDraft): ExamPolicy => ({
  live_view: draft.liveView,
  sentinel_pictures: draft.sentinelImages,
  evidence: draft.alertThumbnails ? 'thumbnail' : 'none',
  report_to_student: draft.reportToStudent,
  history: draft.history,
  breaks: draft.breaks,
  chat: draft.chat,
  phone_camera: draft.phoneCamera,
  may_run_without: {
    camera: draft.withoutCamera,
    image_analysis: draft.withoutAnalysis,
    storage: draft.withoutStorage,
    lock: draft.withoutLock,
  },
  reviewers: draft.reviewers === '2' ? 2 : 1,
  rules_version: orNull(draft.rulesVersion),
  webhook_url: orNull(draft.webhookUrl),
  webhook_format: draft.webhookFormat,
  organiser: organiserOf(draft),
  exam_url: orNull(draft.examUrl),
  safe_exam_browser: draft.safeExamBrowser
    ? { config_keys: wordsOf(draft.sebConfigKeys), browser_exam_keys: wordsOf(draft.sebBrowserExamKeys) }
    : null,
  retention: { frames_days: numberOrNull(draft.framesDays), reports_days: numberOrNull(draft.reportsDays) },
});

const teachersOf = ({ teachers }: ExamDraft): string[] => wordsOf(teachers);

const scheduledAtOf = ({ scheduledAt }: ExamDraft): string | null =>
  scheduledAt === '' ? null : new Date(scheduledAt).toISOString();

/** The request that creates the exam. */
export const newExamOf = (draft: ExamDraft): NewExam => {
  const [title, at] = [orNull(draft.title), scheduledAtOf(draft)];
  const [minutes, questions] = [numberOrNull(draft.minutes), numberOrNull(draft.questions)];
  return {
    ...(title === null ? {} : { title }),
    ...(at === null ? {} : { scheduled_at: at }),
    ...(minutes === null ? {} : { duration_minutes: minutes }),
    ...(questions === null ? {} : { total_questions: questions }),
    teachers: teachersOf(draft),
    policy: policyOf(draft),
  };
};

/** The request that changes the exam. @param isScheduled whether students have not read the rules yet: times and policy may change */
export const changesOf = (draft: ExamDraft, isScheduled: boolean): ExamChanges => ({
  title: orNull(draft.title),
  total_questions: numberOrNull(draft.questions),
  teachers: teachersOf(draft),
  ...(isScheduled
    ? {
        scheduled_at: scheduledAtOf(draft),
        duration_minutes: numberOrNull(draft.minutes),
        policy: policyOf(draft),
      }
    : {}),
});
