import { inLanguage } from '../page/language.ts';
import { setupTextsDe } from './setup-texts-de.ts';
import { setupTextsEs } from './setup-texts-es.ts';

const setupTextsEn = {
  newTitle: 'New exam',
  editTitle: (title: string) => `Set up: ${title}`,
  copyTitle: (title: string) => `Duplicate: ${title}`,
  copyOf: (title: string) => `${title} (copy)`,
  back: 'All exams',
  toExam: 'Open the exam',
  loading: 'Loading…',
  untitled: 'Untitled exam',
  opened:
    'The waiting room has been opened, and students may have read these rules. Only the title, the number of questions and the teachers can still be changed.',
  over: 'The exam is over. Its settings can no longer be changed.',
  groups: {
    exam: 'Exam',
    people: 'Teachers and organiser',
    proctors: 'What proctors see',
    students: 'What students may do',
    browser: 'Browser',
    review: 'Reports and review',
    data: 'Data',
  },
  fields: {
    title: { name: 'Title', hint: 'Shown to students and in every report.' },
    scheduledAt: { name: 'Planned start', hint: 'For information only: you start the exam yourself.' },
    minutes: { name: 'Duration in minutes', hint: 'Leave empty to run the exam until you complete it.' },
    questions: {
      name: 'Number of questions',
      hint: 'Lets the wall show how many questions each student has answered.',
    },
    examUrl: {
      name: 'Address of the questions',
      hint: 'Students continue there after the camera check. Leave empty to use the built-in page.',
    },
    teachers: {
      name: 'Teachers',
      hint: 'User names of everyone who may run this exam and read its reports, separated by commas.',
    },
    organiserName: { name: 'Organiser', hint: 'Students read this name before they consent.' },
    organiserContact: {
      name: 'Contact for students',
      hint: 'An email address, a phone number or a web address for questions and objections.',
    },
    privacyUrl: { name: 'Address of the privacy notice', hint: 'Linked where students consent.' },
    liveView: { name: 'Live view', hint: 'What proctors see of a student during the exam.' },
    alertThumbnails: {
      name: 'Attach a thumbnail to alerts',
      hint: 'One small image for each alert. It is held in memory only and never written to disk.',
    },
    sentinelImages: {
      name: 'Forward images from a separate sentinel program',
      hint: 'Only for schools that have installed one on the students’ computers.',
    },
    breaks: { name: 'Allow breaks', hint: 'Students can pause the observation; the report lists the breaks.' },
    chat: {
      name: 'Allow messages to proctors',
      hint: 'Students can ask for help during the exam. Your messages reach them in any case.',
    },
    phoneCamera: {
      name: 'Allow a phone as the camera',
      hint: 'Students scan a QR code. The same analysis runs on the phone, which sends readings only. The report states when a phone was used.',
    },
    withoutCamera: {
      name: 'Allow students without a working camera',
      hint: 'The report states this time as not observed. It never counts against the student.',
    },
    withoutAnalysis: {
      name: 'Allow browsers that cannot analyse images',
      hint: 'The report states this time as not observed. It never counts against the student.',
    },
    withoutStorage: {
      name: 'Allow browsers without storage',
      hint: 'If the page is reloaded while offline, readings that have not been sent are lost.',
    },
    withoutLock: {
      name: 'Allow browsers that cannot detect a second tab',
      hint: 'The same session could then be open in two tabs.',
    },
    safeExamBrowser: {
      name: 'Require Safe Exam Browser',
      hint: 'Students open the exam with a configuration that this server provides; other browsers are refused.',
    },
    sebConfigKeys: {
      name: 'Config Keys of your own configurations',
      hint: '64 hexadecimal digits each, separated by commas. The configuration of this server is always accepted.',
    },
    sebBrowserExamKeys: {
      name: 'Browser Exam Keys',
      hint: 'One for each accepted version of Safe Exam Browser, separated by commas. Empty: any version.',
    },
    reportToStudent: {
      name: 'Students may read their own report',
      hint: 'They can also contest observations in it.',
    },
    history: {
      name: 'Include the reports in students’ histories',
      hint: 'Teachers of several exams can then see a student’s reports side by side. Students read this before they consent.',
    },
    reviewers: { name: 'Reviewers for each report', hint: 'With two, a report is reviewed once both have decided.' },
    rulesVersion: {
      name: 'Version of the rules',
      hint: 'Choose an earlier version to compare with earlier exams.',
    },
    framesDays: {
      name: 'Keep readings for (days)',
      hint: 'Counted from the end of the exam. Leave empty to keep them until you delete them.',
    },
    reportsDays: {
      name: 'Keep reports for (days)',
      hint: 'Counted from the end of the exam. Leave empty to keep them until you delete them.',
    },
    webhookUrl: {
      name: 'Webhook address',
      hint: 'Receives session starts and ends, alerts, reports and reviews. Must start with https://.',
    },
    webhookFormat: {
      name: 'Webhook format',
      hint: 'Choose xAPI statements if the receiver is a learning record store.',
    },
  },
  choices: {
    liveView: { numbers: 'Readings only', thumbnails: 'Readings and thumbnails', none: 'Off' },
    reviewers: { '1': 'One', '2': 'Two' },
    webhookFormat: { invigil: 'Invigil', xapi: 'xAPI statements' },
    currentRules: 'Current version',
    rules: (version: string) => `Version ${version}`,
  },
  webhookSecret: 'Secret that signs the webhooks:',
  withStudents: (count: number) =>
    count === 1
      ? 'Also add its student, with their accommodations'
      : `Also add its ${count} students, with their accommodations`,
  create: 'Create exam',
  save: 'Save changes',
  saved: 'Saved.',
  notCopied: (count: number) =>
    `The exam was created, but ${count} of its students or accommodations could not be copied.`,
  duplicate: 'Duplicate this exam',
  remove: {
    open: 'Delete this exam',
    sure: (title: string, students: number) =>
      `Delete “${title}”? This removes its settings, ${students === 1 ? '1 enrolment with its' : `${students} enrolments with their`} accommodations, and all personal links. It cannot be undone.`,
    yes: 'Delete exam',
    no: 'Keep it',
    why: 'Only an exam without sessions can be deleted. Reports are deleted when their retention ends, or on a student’s request.',
  },
  roster: {
    title: (count: number) => `Students (${count})`,
    none: 'No students yet. Add them from a file, or type them on the exam’s page.',
    table: 'Students of this exam',
    student: 'Student',
    number: 'Number',
    extraTime: 'Extra time',
    minutes: (minutes: number) => `${minutes} min`,
    accommodations: 'Accommodations',
    actions: 'Actions',
    noAccommodations: 'none',
    edit: 'Accommodations',
    editLabel: (name: string) => `Accommodations for ${name}`,
    remove: 'Remove',
    removeLabel: (name: string) => `Remove ${name}`,
    removeSure: (name: string) =>
      `Remove ${name} from this exam? Their personal link and accommodations are deleted as well.`,
    removeYes: 'Remove student',
    no: 'Go back',
    removed: (name: string) => `${name} was removed.`,
  },
  file: {
    title: 'Add students from a CSV file',
    hint: 'One student per line, with number and name. A header row is recognised. Nothing is added until you confirm.',
    choose: 'CSV file',
    unreadable: 'This file cannot be read as text. Save it as CSV (UTF-8) and try again.',
    empty: 'This file contains no students.',
    preview: (name: string) => `Preview of ${name}`,
    line: 'Line',
    outcome: 'Result',
    isNew: 'will be added',
    renamed: (name: string) => `already enrolled; the name changes from ${name}`,
    same: 'already enrolled',
    problems: {
      no_number: 'no student number',
      bad_number: 'not a valid student number (letters, digits and _ - . ~ @, no spaces)',
      repeated: 'the same number as an earlier line',
      long_name: 'the name is longer than 200 characters',
      quotes: 'a quotation mark is missing',
    },
    summary: (valid: number, wrong: number) =>
      `${valid === 1 ? '1 student' : `${valid} students`} can be added.${wrong === 0 ? '' : ` Lines with errors: ${wrong}.`}`,
    tooMany: (max: number) => `A file may contain at most ${max} students.`,
    confirm: (count: number) => (count === 1 ? 'Add 1 student' : `Add ${count} students`),
    discard: 'Discard',
    added: (count: number) => (count === 1 ? '1 student was added.' : `${count} students were added.`),
  },
  accommodations: {
    title: (name: string) => `Accommodations for ${name}`,
    hint: 'An accommodation switches rules off, or makes them wait longer, for this student. The report lists it by name.',
    name: 'Name',
    nameHint: 'As it should appear in the report, such as “reads aloud”.',
    rules: 'Rules',
    usual: 'as usual',
    longer: (factor: string) => `waits ${factor} times as long`,
    off: 'off',
    add: 'Add an accommodation',
    drop: 'Remove this accommodation',
    extraTime: 'Add extra time (minutes)',
    extraTimeHas: (minutes: number) =>
      `This student has ${minutes} minutes of extra time. You can take time back on the exam’s page.`,
    noLimit: 'The exam has no time limit, so there is no extra time to give.',
    save: 'Save',
    close: 'Close without saving',
  },
};

export type SetupTexts = typeof setupTextsEn;

export const setupTexts = inLanguage<SetupTexts>({ en: setupTextsEn, de: setupTextsDe, es: setupTextsEs });
