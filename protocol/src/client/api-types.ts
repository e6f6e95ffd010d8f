// Generated from /openapi.json by `npm run api`. Do not edit: change the schemas in protocol and ingest instead.

export interface paths {
  '/api/v1/session/start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start a proctoring session for a student
     * @description If the exam does not exist, it is created in the status IN_PROGRESS.
     *
     *     Accepts a student’s, a personal link’s, a teacher’s, or an admin’s token, within its permissions.
     */
    post: operations['startSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a session’s student, exam and status
     * @description Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getSession'];
    put?: never;
    post?: never;
    /**
     * Erase one ended session: frames, dump, reports, reviews and alerts
     * @description Accepts an admin’s token, within its permissions.
     */
    delete: operations['eraseSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Issue a new token for a running session
     * @description Tokens issued earlier stay valid until they expire. The student’s page keeps its connection and its frames.
     *
     *     Accepts a student’s, a personal link’s, a teacher’s, or an admin’s token, within its permissions.
     */
    post: operations['renewSessionToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/end': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a session and create its report
     * @description Idempotent.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    post: operations['endSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/ws/fallback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a session channel message where networks block WebSockets
     * @description One message of the channel with its `session_id`. A documented single shape is answered with 202; `hello`, `batch`, `losses` and `ping` get 200 with the messages that the socket would have sent.
     *
     *     Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['sendSessionMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webrtc/livekit/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a token for the exam’s LiveKit room
     * @description Accepts a student’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getLivekitToken'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a message to the student
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['messageStudent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/break': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask the student’s page to begin or end a break
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['askBreak'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/flags': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Add a note for the reader of the report; the student does not see it
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['flagSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/camera-link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a link by which a phone becomes the session’s camera
     * @description One use, within three minutes; shown as a QR code. It replaces an earlier link that no phone has opened. The exam’s policy must set `phone_camera`.
     *
     *     Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['createCameraLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/camera': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get whether a phone is the session’s camera, and whether it is connected
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    get: operations['getSessionCamera'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/camera/join': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Open a link on a phone, once
     * @description The token can send frames of this session, and nothing else: it can neither answer nor end it. It is valid until another camera takes its place.
     *
     *     Needs no token.
     */
    post: operations['joinAsCamera'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/analyze': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Analyse a session now
     * @description At most once a second for each session. With `rules` or `weights`, an ended session is analysed again and the report is stored as a further version.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    post: operations['analyzeSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/receipt': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the signed receipt of an ended session’s report
     * @description Each report version has its own; `previous` is the hash of the receipt before. With the proof for its day’s root, once that is published. `npm run verify` checks it offline.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getReceipt'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/report': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a session’s report
     * @description Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the session’s readings for a replay
     * @description Binary, streamed in order of time; `Replay` of `@invigil/protocol/report` reads it. At most once a second for each reader.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getReplay'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/report/observations.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the observations as a table
     * @description Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getObservationsCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the stored report versions
     * @description Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['listReports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/review': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the human review
     * @description Students do not see proctors’ names and notes.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getReview'];
    /**
     * Review the report: an outcome, marks on observations, or both
     * @description Nothing is overwritten: later entries are added and take precedence.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    put: operations['review'];
    /**
     * Same as PUT
     * @description Nothing is overwritten: later entries are added and take precedence.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['postReview'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/review/observations/{observation_id}/contest': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Contest an observation as the student
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['contestObservation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session/{session_id}/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the session’s audit log
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['getAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the reports of an exam: sorted, filtered, in pages
     * @description The newest report of each ended session, with its review. Running sessions have no report yet.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['listExamReports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the unacknowledged alerts of an exam, in pages
     * @description The newest alert of each student first, then each student’s second, and so on; each round from the newest to the oldest. Further pages contain no alert raised after the first page was read.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['listOpenAlerts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/reviews': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Record “nothing to follow up” for every undecided report up to a priority
     * @description At most 1000 reports at once. Contested reports, and those that the reviewer already decided on, are left out. Nothing is recorded if the number of matching reports is not `expected`, or if `expected` is absent. If a store fails on the way, `session_ids` lists the reports that were decided on, and `failed` counts the others; repeat the request with that number.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['reviewExamReports'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/rule-outcomes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What reviewers decided about each rule’s observations and alerts, by version of the rules
     * @description In the teacher’s exams; for admins, in all exams. Counts only: no student is named.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['listRuleOutcomes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/students/{member_id}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A student’s reports in several exams, the newest first
     * @description Only exams whose policy has `history: true`: of these, the teacher’s own; for admins, all. At most the 200 newest reports. Erasure and retention remove reports from the history at once.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['readStudentHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List exams: a teacher’s own, or all for admins
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['listExams'];
    put?: never;
    /**
     * Create an exam
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['createExam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an exam’s complete state, for clients that (re)connect to its channel
     * @description Teachers get students, progress, violations and statistics; a student gets their own attempt.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getExam'];
    put?: never;
    post?: never;
    /**
     * Delete an exam that is SCHEDULED or CANCELLED and has no sessions, with its enrolments and links
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    delete: operations['deleteExam'];
    options?: never;
    head?: never;
    /**
     * Change an exam; absent fields stay as they are
     * @description Times and policy can be changed only while the exam is SCHEDULED, because students consent to them; title, teachers and number of questions until it is over.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    patch: operations['changeExam'];
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/enrolments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Enrol students; a name replaces an earlier one
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['enrolStudents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/open': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Open the waiting room
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['openExam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start the exam for all students
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['startExam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/complete': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Complete the exam: ends its sessions and creates their reports
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['completeExam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel the exam
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['cancelExam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/accommodations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the accommodations of all students who have any
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['listAccommodations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/accommodations/{member_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a student’s accommodations
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['getAccommodations'];
    /**
     * Set a student’s accommodations
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    put: operations['setAccommodations'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/progress': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Report the student’s position in the exam
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['reportProgress'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/answers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Save an answer; a later one replaces it
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['answerQuestion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/highlights': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Report text that the student highlighted
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['highlightText'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/violations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Report a violation that the exam page detected
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['reportViolation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/submission': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Submit the exam; repeating it returns the first submission
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['submitExam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/enrolments/{student_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Remove a student who has not taken part, with their personal link
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    delete: operations['removeStudent'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/extra-time': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give all students of an exam more time, or the named ones; it adds to earlier extra time
     * @description For all, the exam’s duration grows. For named students, the exam completes when the last student’s time is up, and the sessions of the others end at theirs. Students’ pages read the new end with the notice, within 30 seconds. Negative minutes take time back: a student’s extra time does not fall below 0, and an exam in progress cannot be made to end at once. Send a `request_id` to be able to repeat a request without adding the time twice.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['giveExtraTime'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a message to all students who have a running session, or to the named ones
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['messageStudents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/notice': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get what a student may read before consenting
     * @description What is observed, who sees it, how long it is kept, who organises the exam, and its times with the server’s clock. It can be read before the exam is open.
     *
     *     Accepts a student’s, a personal link’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['getExamNotice'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/safe-exam-browser.seb': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the configuration with which students open the exam in Safe Exam Browser
     * @description An XML property list without encryption, if the exam’s policy has `safe_exam_browser`. Safe Exam Browser fetches it from the same address with `sebs://` (`seb://` without TLS); `??link=` and a personal link’s token at its end let the student in.
     *
     *     Needs no token.
     */
    get: operations['getSafeExamBrowserConfiguration'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List students’ personal links
     * @description Anyone with a link can take the exam as its student. Only links that are valid now have a token.
     *
     *     Accepts a teacher’s or an admin’s token, within its permissions.
     */
    get: operations['listExamLinks'];
    put?: never;
    /**
     * Create personal links, for all students without one or for the named ones
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['createExamLinks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/links/{student_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a student’s personal link; a session that is running continues
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    delete: operations['revokeExamLink'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Record the outcome of a camera check before the exam; teachers see the last one
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    put: operations['saveExamCheck'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask a proctor for help, or the organiser to erase the student’s data
     * @description Accepts a student’s, a personal link’s, a session’s, or an admin’s token, within its permissions.
     */
    post: operations['askExamTeachers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exams/{exam_id}/requests/{request_id}/done': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Mark a student’s request done
     * @description Accepts a teacher’s or an admin’s token, within its permissions.
     */
    post: operations['finishStudentRequest'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/classrooms/{classroom_id}/agents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the agents in a classroom
     * @description Accepts a student’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    get: operations['listAgents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/counters/agent': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Count the agents in classrooms
     * @description Accepts a student’s, a session’s, a teacher’s, or an admin’s token, within its permissions.
     */
    post: operations['countAgents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/ws/connections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List alert connections on all replicas
     * @description Accepts an admin’s token, within its permissions.
     */
    get: operations['listAlertConnections'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/students/{member_id}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export a student’s data, of all exams or of one
     * @description Accepts a student’s, a personal link’s, or an admin’s token, within its permissions.
     */
    get: operations['exportStudent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/students/{member_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Erase a student’s data
     * @description Accepts an admin’s token, within its permissions.
     */
    delete: operations['eraseStudent'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhook deliveries and their status
     * @description Accepts an admin’s token, within its permissions.
     */
    get: operations['listDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/deliveries/{delivery_id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Retry a delivery
     * @description Accepts an admin’s token, within its permissions.
     */
    post: operations['retryDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Check whether each part of the server works
     * @description Needs no token.
     */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Check whether this replica should receive clients
     * @description Needs no token.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get metrics for Prometheus
     * @description Needs no token.
     */
    get: operations['getMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/schemas/report.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the JSON Schema of the report
     * @description Needs no token.
     */
    get: operations['getReportSchema'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/.well-known/invigil-keys.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the public keys that verify receipts and roots (Ed25519, SPKI in base64url)
     * @description Needs no token.
     */
    get: operations['getReceiptKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/.well-known/invigil-roots.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the signed Merkle roots over each day’s receipts, newest first
     * @description A root appears ten minutes after the end of its day (UTC).
     *
     *     Needs no token.
     */
    get: operations['getReceiptRoots'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get this description
     * @description Needs no token.
     */
    get: operations['getOpenapi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/asyncapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the description of the WebSocket channels
     * @description Needs no token.
     */
    get: operations['getAsyncapi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * View both descriptions as a page
     * @description Needs no token.
     */
    get: operations['getDocs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Features: {
      face_present?: (0 | 1) | null;
      no_of_face?: number | null;
      face_x?: number | null;
      face_y?: number | null;
      face_w?: number | null;
      face_h?: number | null;
      face_conf?: number | null;
      head_yaw?: number | null;
      head_pitch?: number | null;
      head_roll?: number | null;
      head_pose?: ('forward' | 'left' | 'right' | 'up' | 'down') | null;
      gaze_on_script?: (0 | 1) | null;
      gaze_direction?:
        | ('top_left' | 'top' | 'top_right' | 'left' | 'center' | 'right' | 'bottom_left' | 'bottom' | 'bottom_right')
        | null;
      gazePoint_x?: number | null;
      gazePoint_y?: number | null;
      phone_present?: (0 | 1) | null;
      phone_conf?: number | null;
      hand_count?: number | null;
      gaze_drift_x?: number | null;
      gaze_drift_y?: number | null;
      calibration?: {
        /** @enum {string} */
        state: 'calibrated' | 'too_poor' | 'drifted';
        at: number;
        /** @default null */
        error_px?: number | null;
        /** @default null */
        error_deg?: number | null;
        /** @default null */
        targets?: number | null;
        /** @default null */
        samples?: number | null;
        /** @default null */
        viewport_width?: number | null;
        /** @default null */
        viewport_height?: number | null;
        /** @default null */
        head_yaw?: number | null;
        /** @default null */
        head_pitch?: number | null;
        /** @default null */
        head_x_cm?: number | null;
        /** @default null */
        head_y_cm?: number | null;
        /** @default null */
        head_z_cm?: number | null;
      } | null;
      phone_x?: number | null;
      phone_y?: number | null;
      phone_w?: number | null;
      phone_h?: number | null;
      hand_x?: number | null;
      hand_y?: number | null;
      hand_w?: number | null;
      hand_h?: number | null;
      hand_side?: ('left' | 'right') | null;
      hand_near_face?: (0 | 1) | null;
      hand_holding_object?: (0 | 1) | null;
      still_faces?: number | null;
      eye_open_left?: number | null;
      eye_open_right?: number | null;
      blink_rate_per_min?: number | null;
      mouth_open?: number | null;
      mouth_moving?: (0 | 1) | null;
      image_brightness?: number | null;
      image_contrast?: number | null;
      image_sharpness?: number | null;
      image_obstructed?: (0 | 1) | null;
      image_frozen?: (0 | 1) | null;
      image_frozen_for_ms?: number | null;
      image_replayed?: (0 | 1) | null;
      image_width?: number | null;
      image_height?: number | null;
      virtual_camera_hint?: (0 | 1) | null;
      camera_count?: number | null;
      page_hidden?: (0 | 1) | null;
      storage_missing?: (0 | 1) | null;
      lock_missing?: (0 | 1) | null;
      page_violations?:
        | {
            /** @enum {string} */
            type:
              | 'TAB_SWITCH'
              | 'WINDOW_BLUR'
              | 'COPY_ATTEMPT'
              | 'PASTE_ATTEMPT'
              | 'RIGHT_CLICK'
              | 'DEV_TOOLS'
              | 'FULL_SCREEN_EXIT'
              | 'SECOND_SCREEN';
            timestamp: number;
          }[]
        | null;
      page_violations_dropped?: number | null;
      engine_backend?: ('wasm' | 'webgl' | 'webgpu' | 'cpu') | null;
      engine_latency_ms?: number | null;
      engine_face_ms?: number | null;
      engine_object_ms?: number | null;
      engine_hand_ms?: number | null;
      engine_skipped?: number | null;
      engine_face_hz?: number | null;
      engine_object_hz?: number | null;
      engine_hand_hz?: number | null;
      engine_face_plan_hz?: number | null;
      engine_object_plan_hz?: number | null;
      engine_hand_plan_hz?: number | null;
      engine_load?: number | null;
      engine_budget?: number | null;
      engine_budget_hint?: ('battery' | 'pressure') | null;
      clock_corrected_ms?: number | null;
      not_observed?:
        | (
            | 'camera_starting'
            | 'camera_lost'
            | 'camera_muted'
            | 'page_suspended'
            | 'worker_restarted'
            | 'paused'
            | 'obstructed'
            | 'frozen'
            | 'too_dark'
            | 'too_bright'
            | 'blurred'
            | 'face_too_small'
            | 'face_cut_off'
            | 'face_covered'
            | 'head_turned'
            | 'eyes_closed'
            | 'no_face'
            | 'not_due'
            | 'not_calibrated'
            | 'model_missing'
            | 'detector_failed'
            | 'canvas_falsified'
            | 'no_camera'
            | 'no_image_analysis'
            | 'camera_blocked'
          )
        | null;
      unknown?: {
        [key: string]:
          | 'camera_starting'
          | 'camera_lost'
          | 'camera_muted'
          | 'page_suspended'
          | 'worker_restarted'
          | 'paused'
          | 'obstructed'
          | 'frozen'
          | 'too_dark'
          | 'too_bright'
          | 'blurred'
          | 'face_too_small'
          | 'face_cut_off'
          | 'face_covered'
          | 'head_turned'
          | 'eyes_closed'
          | 'no_face'
          | 'not_due'
          | 'not_calibrated'
          | 'model_missing'
          | 'detector_failed'
          | 'canvas_falsified'
          | 'no_camera'
          | 'no_image_analysis'
          | 'camera_blocked';
      } | null;
      timestamp?: number | string;
    };
    FeatureFrame: {
      seq: number;
      timestamp: number | string;
      face_present?: (0 | 1) | null;
      no_of_face?: number | null;
      face_x?: number | null;
      face_y?: number | null;
      face_w?: number | null;
      face_h?: number | null;
      face_conf?: number | null;
      head_yaw?: number | null;
      head_pitch?: number | null;
      head_roll?: number | null;
      head_pose?: ('forward' | 'left' | 'right' | 'up' | 'down') | null;
      gaze_on_script?: (0 | 1) | null;
      gaze_direction?:
        | ('top_left' | 'top' | 'top_right' | 'left' | 'center' | 'right' | 'bottom_left' | 'bottom' | 'bottom_right')
        | null;
      gazePoint_x?: number | null;
      gazePoint_y?: number | null;
      phone_present?: (0 | 1) | null;
      phone_conf?: number | null;
      hand_count?: number | null;
      gaze_drift_x?: number | null;
      gaze_drift_y?: number | null;
      calibration?: {
        /** @enum {string} */
        state: 'calibrated' | 'too_poor' | 'drifted';
        at: number;
        /** @default null */
        error_px?: number | null;
        /** @default null */
        error_deg?: number | null;
        /** @default null */
        targets?: number | null;
        /** @default null */
        samples?: number | null;
        /** @default null */
        viewport_width?: number | null;
        /** @default null */
        viewport_height?: number | null;
        /** @default null */
        head_yaw?: number | null;
        /** @default null */
        head_pitch?: number | null;
        /** @default null */
        head_x_cm?: number | null;
        /** @default null */
        head_y_cm?: number | null;
        /** @default null */
        head_z_cm?: number | null;
      } | null;
      phone_x?: number | null;
      phone_y?: number | null;
      phone_w?: number | null;
      phone_h?: number | null;
      hand_x?: number | null;
      hand_y?: number | null;
      hand_w?: number | null;
      hand_h?: number | null;
      hand_side?: ('left' | 'right') | null;
      hand_near_face?: (0 | 1) | null;
      hand_holding_object?: (0 | 1) | null;
      still_faces?: number | null;
      eye_open_left?: number | null;
      eye_open_right?: number | null;
      blink_rate_per_min?: number | null;
      mouth_open?: number | null;
      mouth_moving?: (0 | 1) | null;
      image_brightness?: number | null;
      image_contrast?: number | null;
      image_sharpness?: number | null;
      image_obstructed?: (0 | 1) | null;
      image_frozen?: (0 | 1) | null;
      image_frozen_for_ms?: number | null;
      image_replayed?: (0 | 1) | null;
      image_width?: number | null;
      image_height?: number | null;
      virtual_camera_hint?: (0 | 1) | null;
      camera_count?: number | null;
      page_hidden?: (0 | 1) | null;
      storage_missing?: (0 | 1) | null;
      lock_missing?: (0 | 1) | null;
      page_violations?:
        | {
            /** @enum {string} */
            type:
              | 'TAB_SWITCH'
              | 'WINDOW_BLUR'
              | 'COPY_ATTEMPT'
              | 'PASTE_ATTEMPT'
              | 'RIGHT_CLICK'
              | 'DEV_TOOLS'
              | 'FULL_SCREEN_EXIT'
              | 'SECOND_SCREEN';
            timestamp: number;
          }[]
        | null;
      page_violations_dropped?: number | null;
      engine_backend?: ('wasm' | 'webgl' | 'webgpu' | 'cpu') | null;
      engine_latency_ms?: number | null;
      engine_face_ms?: number | null;
      engine_object_ms?: number | null;
      engine_hand_ms?: number | null;
      engine_skipped?: number | null;
      engine_face_hz?: number | null;
      engine_object_hz?: number | null;
      engine_hand_hz?: number | null;
      engine_face_plan_hz?: number | null;
      engine_object_plan_hz?: number | null;
      engine_hand_plan_hz?: number | null;
      engine_load?: number | null;
      engine_budget?: number | null;
      engine_budget_hint?: ('battery' | 'pressure') | null;
      clock_corrected_ms?: number | null;
      not_observed?:
        | (
            | 'camera_starting'
            | 'camera_lost'
            | 'camera_muted'
            | 'page_suspended'
            | 'worker_restarted'
            | 'paused'
            | 'obstructed'
            | 'frozen'
            | 'too_dark'
            | 'too_bright'
            | 'blurred'
            | 'face_too_small'
            | 'face_cut_off'
            | 'face_covered'
            | 'head_turned'
            | 'eyes_closed'
            | 'no_face'
            | 'not_due'
            | 'not_calibrated'
            | 'model_missing'
            | 'detector_failed'
            | 'canvas_falsified'
            | 'no_camera'
            | 'no_image_analysis'
            | 'camera_blocked'
          )
        | null;
      unknown?: {
        [key: string]:
          | 'camera_starting'
          | 'camera_lost'
          | 'camera_muted'
          | 'page_suspended'
          | 'worker_restarted'
          | 'paused'
          | 'obstructed'
          | 'frozen'
          | 'too_dark'
          | 'too_bright'
          | 'blurred'
          | 'face_too_small'
          | 'face_cut_off'
          | 'face_covered'
          | 'head_turned'
          | 'eyes_closed'
          | 'no_face'
          | 'not_due'
          | 'not_calibrated'
          | 'model_missing'
          | 'detector_failed'
          | 'canvas_falsified'
          | 'no_camera'
          | 'no_image_analysis'
          | 'camera_blocked';
      } | null;
    };
    NewExam: {
      exam_id?: string;
      title?: string;
      /** Format: date-time */
      scheduled_at?: string;
      duration_minutes?: number;
      total_questions?: number;
      /** @default [] */
      teachers?: string[];
      /** @default {} */
      policy?: {
        /** @enum {string} */
        live_view?: 'none' | 'numbers' | 'thumbnails';
        sentinel_pictures?: boolean;
        /**
         * @default none
         * @enum {string}
         */
        evidence?: 'none' | 'thumbnail';
        /** @default true */
        report_to_student?: boolean;
        /** @default false */
        history?: boolean;
        /** @default false */
        breaks?: boolean;
        /** @default true */
        chat?: boolean;
        /** @default {} */
        may_run_without?: {
          /** @default false */
          camera?: boolean;
          /** @default false */
          image_analysis?: boolean;
          /** @default true */
          storage?: boolean;
          /** @default true */
          lock?: boolean;
        };
        /** @default false */
        phone_camera?: boolean;
        /**
         * @default 1
         * @enum {number}
         */
        reviewers?: 1 | 2;
        /** @default null */
        rules_version?: string | null;
        /** @default null */
        webhook_url?: string | null;
        /**
         * @default invigil
         * @enum {string}
         */
        webhook_format?: 'invigil' | 'xapi';
        /** @default null */
        organiser?: {
          name: string;
          /** @default null */
          contact?: string | null;
          /** @default null */
          privacy_url?: string | null;
        } | null;
        /** @default null */
        exam_url?: string | null;
        /** @default null */
        safe_exam_browser?: {
          /** @default [] */
          config_keys?: string[];
          /** @default [] */
          browser_exam_keys?: string[];
        } | null;
        /** @default {} */
        retention?: {
          /** @default 30 */
          frames_days?: number | null;
          /** @default 365 */
          reports_days?: number | null;
        };
      };
    };
    ReviewRequest: {
      /** @enum {string} */
      outcome?: 'nothing_to_follow_up' | 'follow_up' | 'inconclusive';
      notes?: string;
      /** @default [] */
      observations?: {
        id: string;
        /** @enum {string} */
        mark: 'confirmed' | 'dismissed' | 'unsure';
        note?: string;
      }[];
    };
    Problem: {
      /** @description `urn:invigil:problem:` and the code */
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @enum {string} */
      code:
        | 'BAD_JSON'
        | 'INVALID_MESSAGE'
        | 'INVALID_FRAME'
        | 'TOO_MANY_FIELDS'
        | 'TOO_MANY_FRAMES'
        | 'TOO_MANY_GAPS'
        | 'MESSAGE_TOO_BIG'
        | 'RATE_EXCEEDED'
        | 'AUTH_FAILED'
        | 'ACCESS_DENIED'
        | 'SAFE_EXAM_BROWSER_REQUIRED'
        | 'PICTURE_REFUSED'
        | 'SESSION_NOT_FOUND'
        | 'SESSION_ENDED'
        | 'NOT_FOUND'
        | 'METHOD_NOT_ALLOWED'
        | 'ALREADY_EXISTS'
        | 'WRONG_STATUS'
        | 'STORE_UNAVAILABLE'
        | 'SERVER_BUSY'
        | 'NOT_CONFIGURED'
        | 'INTERNAL';
      field?: string;
      /** @description Names the request in the log; also in the header `X-Request-Id` */
      request_id?: string;
    };
    Exam: {
      exam_id: string;
      title: string | null;
      /** @enum {string} */
      status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
      scheduled_at: string | null;
      duration_minutes: number | null;
      total_questions: number | null;
      policy: {
        /** @enum {string} */
        live_view: 'none' | 'numbers' | 'thumbnails';
        sentinel_pictures: boolean;
        /**
         * @default none
         * @enum {string}
         */
        evidence: 'none' | 'thumbnail';
        /** @default true */
        report_to_student: boolean;
        /** @default false */
        history: boolean;
        /** @default false */
        breaks: boolean;
        /** @default true */
        chat: boolean;
        /** @default {} */
        may_run_without: {
          /** @default false */
          camera: boolean;
          /** @default false */
          image_analysis: boolean;
          /** @default true */
          storage: boolean;
          /** @default true */
          lock: boolean;
        };
        /** @default false */
        phone_camera: boolean;
        /**
         * @default 1
         * @enum {number}
         */
        reviewers: 1 | 2;
        /** @default null */
        rules_version: string | null;
        /** @default null */
        webhook_url: string | null;
        /**
         * @default invigil
         * @enum {string}
         */
        webhook_format: 'invigil' | 'xapi';
        /** @default null */
        organiser: {
          name: string;
          /** @default null */
          contact: string | null;
          /** @default null */
          privacy_url: string | null;
        } | null;
        /** @default null */
        exam_url: string | null;
        /** @default null */
        safe_exam_browser: {
          /** @default [] */
          config_keys: string[];
          /** @default [] */
          browser_exam_keys: string[];
        } | null;
        /** @default {} */
        retention: {
          /** @default 30 */
          frames_days: number | null;
          /** @default 365 */
          reports_days: number | null;
        };
      };
      /** Format: date-time */
      created_at: string;
      opened_at: string | null;
      started_at: string | null;
      completed_at: string | null;
      cancelled_at: string | null;
      created_by: string | null;
      pin: string | null;
    };
    ExamState:
      | {
          exam_id: string;
          title: string | null;
          /** @enum {string} */
          status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
          scheduled_at: string | null;
          duration_minutes: number | null;
          total_questions: number | null;
          policy: {
            /** @enum {string} */
            live_view: 'none' | 'numbers' | 'thumbnails';
            sentinel_pictures: boolean;
            /**
             * @default none
             * @enum {string}
             */
            evidence: 'none' | 'thumbnail';
            /** @default true */
            report_to_student: boolean;
            /** @default false */
            history: boolean;
            /** @default false */
            breaks: boolean;
            /** @default true */
            chat: boolean;
            /** @default {} */
            may_run_without: {
              /** @default false */
              camera: boolean;
              /** @default false */
              image_analysis: boolean;
              /** @default true */
              storage: boolean;
              /** @default true */
              lock: boolean;
            };
            /** @default false */
            phone_camera: boolean;
            /**
             * @default 1
             * @enum {number}
             */
            reviewers: 1 | 2;
            /** @default null */
            rules_version: string | null;
            /** @default null */
            webhook_url: string | null;
            /**
             * @default invigil
             * @enum {string}
             */
            webhook_format: 'invigil' | 'xapi';
            /** @default null */
            organiser: {
              name: string;
              /** @default null */
              contact: string | null;
              /** @default null */
              privacy_url: string | null;
            } | null;
            /** @default null */
            exam_url: string | null;
            /** @default null */
            safe_exam_browser: {
              /** @default [] */
              config_keys: string[];
              /** @default [] */
              browser_exam_keys: string[];
            } | null;
            /** @default {} */
            retention: {
              /** @default 30 */
              frames_days: number | null;
              /** @default 365 */
              reports_days: number | null;
            };
          };
          /** Format: date-time */
          created_at: string;
          opened_at: string | null;
          started_at: string | null;
          completed_at: string | null;
          cancelled_at: string | null;
          created_by: string | null;
          pin: string | null;
          /** @description Verifies webhooks to the policy’s webhook_url; null if it has none. */
          webhook_secret: string | null;
          /** Format: date-time */
          server_time: string;
          teachers: string[];
          students: {
            student_id: string;
            student_name: string;
            joined_at: string | null;
            connected: boolean;
            progress: {
              passage_index: number;
              question_index: number;
              question_number: number;
            } | null;
            answered_questions: number;
            violations: {
              [key: string]: number;
            };
            submission: {
              /** Format: date-time */
              submitted_at: string;
              score: number | null;
              time_taken_seconds: number;
            } | null;
            check: {
              items: {
                [key: string]: 'good' | 'attention' | 'unknown';
              };
              calibrated: boolean;
              /** Format: date-time */
              checked_at: string;
            } | null;
            extra_minutes: number;
            phone_camera: boolean;
            sessions: {
              session_id: string;
              /** @enum {string} */
              status: 'running' | 'ending' | 'ended';
              /** Format: date-time */
              started_at: string;
              ended_at: string | null;
              has_frames: boolean;
              /** @description How the session was observed until some seconds ago. Null if nothing was measured, or the policy has no live view. */
              coverage: {
                live_s: number;
                late_s: number;
                not_observed_s: number;
              } | null;
            }[];
          }[];
          requests: {
            request_id: string;
            /** @enum {string} */
            kind: 'help' | 'erasure';
            student_id: string;
            text: string | null;
            /** Format: date-time */
            at: string;
            done_at: string | null;
            done_by: string | null;
          }[];
          stats: {
            total_participants: number;
            connected_count: number;
            submitted_count: number;
            /** @description Mean number of answered questions of the students who joined, to one decimal. */
            average_progress: number;
            total_violations: number;
          };
        }
      | {
          exam_id: string;
          title: string | null;
          /** @enum {string} */
          status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
          scheduled_at: string | null;
          duration_minutes: number | null;
          total_questions: number | null;
          policy: {
            /** @enum {string} */
            live_view: 'none' | 'numbers' | 'thumbnails';
            sentinel_pictures: boolean;
            /**
             * @default none
             * @enum {string}
             */
            evidence: 'none' | 'thumbnail';
            /** @default true */
            report_to_student: boolean;
            /** @default false */
            history: boolean;
            /** @default false */
            breaks: boolean;
            /** @default true */
            chat: boolean;
            /** @default {} */
            may_run_without: {
              /** @default false */
              camera: boolean;
              /** @default false */
              image_analysis: boolean;
              /** @default true */
              storage: boolean;
              /** @default true */
              lock: boolean;
            };
            /** @default false */
            phone_camera: boolean;
            /**
             * @default 1
             * @enum {number}
             */
            reviewers: 1 | 2;
            /** @default null */
            rules_version: string | null;
            /** @default null */
            webhook_url: string | null;
            /**
             * @default invigil
             * @enum {string}
             */
            webhook_format: 'invigil' | 'xapi';
            /** @default null */
            organiser: {
              name: string;
              /** @default null */
              contact: string | null;
              /** @default null */
              privacy_url: string | null;
            } | null;
            /** @default null */
            exam_url: string | null;
            /** @default null */
            safe_exam_browser: {
              /** @default [] */
              config_keys: string[];
              /** @default [] */
              browser_exam_keys: string[];
            } | null;
            /** @default {} */
            retention: {
              /** @default 30 */
              frames_days: number | null;
              /** @default 365 */
              reports_days: number | null;
            };
          };
          /** Format: date-time */
          created_at: string;
          opened_at: string | null;
          started_at: string | null;
          completed_at: string | null;
          cancelled_at: string | null;
          /** Format: date-time */
          server_time: string;
          connected_count: number;
          attempt: {
            student_id: string;
            student_name: string;
            joined_at: string | null;
            progress: {
              passage_index: number;
              question_index: number;
              question_number: number;
            } | null;
            answers: {
              question_id: string;
              question_number: number;
              answer: string;
              /** Format: date-time */
              answered_at: string;
            }[];
            highlights: {
              passage_id: string;
              text: string;
              /** Format: date-time */
              at: string;
            }[];
            submission: {
              /** Format: date-time */
              submitted_at: string;
              score: number | null;
              time_taken_seconds: number;
            } | null;
            check: {
              items: {
                [key: string]: 'good' | 'attention' | 'unknown';
              };
              calibrated: boolean;
              /** Format: date-time */
              checked_at: string;
            } | null;
            extra_minutes: number;
          } | null;
        };
    Report: {
      session: {
        session_id: string;
        exam_id: string | null;
        member_id: string | null;
        /** @enum {string} */
        status: 'running' | 'ended';
        started_at: string;
        ended_at: string | null;
      };
      rules_version: string;
      rules: {
        /** @enum {string} */
        type:
          | 'face_absent'
          | 'multiple_faces'
          | 'phone_visible'
          | 'looking_away'
          | 'camera_obstructed'
          | 'camera_frozen'
          | 'gaze_off_exam'
          | 'reading_aside'
          | 'head_turned'
          | 'talking'
          | 'hand_with_object'
          | 'student_moved'
          | 'low_quality'
          | 'stream_gap'
          | 'answered_unobserved';
        watched_s: number;
      }[];
      accommodations: string[];
      usual: {
        head_yaw: number | null;
        head_pitch: number | null;
        face_x: number | null;
        face_y: number | null;
        face_w: number | null;
        mouth_moving: number | null;
        gaze_aside: number | null;
        gaze_off_exam: number | null;
      };
      coverage: {
        from_ms: number;
        to_ms: number;
        duration_s: number;
        observed_s: number;
        share: number;
        not_observed_s: {
          [key: string]: number;
        };
        gaps: {
          /** @enum {string} */
          reason:
            | 'camera_starting'
            | 'camera_lost'
            | 'camera_muted'
            | 'page_suspended'
            | 'worker_restarted'
            | 'paused'
            | 'obstructed'
            | 'frozen'
            | 'too_dark'
            | 'too_bright'
            | 'blurred'
            | 'face_too_small'
            | 'face_cut_off'
            | 'face_covered'
            | 'head_turned'
            | 'eyes_closed'
            | 'no_face'
            | 'not_due'
            | 'not_calibrated'
            | 'model_missing'
            | 'detector_failed'
            | 'canvas_falsified'
            | 'no_camera'
            | 'no_image_analysis'
            | 'camera_blocked'
            | 'no_frames'
            | 'paused_not_allowed';
          from_ms: number;
          to_ms: number;
          late_s?: number;
        }[];
        gaps_not_listed: number;
        live_s?: number;
        late_s?: number;
        live_share?: number;
        late?: {
          from_ms: number;
          to_ms: number;
        }[];
      } | null;
      observations: {
        id: string;
        /** @enum {string} */
        type:
          | 'face_absent'
          | 'multiple_faces'
          | 'phone_visible'
          | 'looking_away'
          | 'camera_obstructed'
          | 'camera_frozen'
          | 'gaze_off_exam'
          | 'reading_aside'
          | 'head_turned'
          | 'talking'
          | 'hand_with_object'
          | 'student_moved'
          | 'low_quality'
          | 'stream_gap'
          | 'answered_unobserved';
        from_ms: number;
        to_ms: number;
        from_s: number;
        to_s: number;
        duration_s: number;
        confidence: number;
        measured: {
          [key: string]: number;
        };
        evidence: {
          first: string;
          strongest: string;
          last: string;
        };
        frames: number;
        /** @constant */
        usual?: true;
      }[];
      violations: {
        total: number;
        by_type: {
          [key: string]: number;
        };
        list: {
          /** @enum {string} */
          type:
            | 'TAB_SWITCH'
            | 'WINDOW_BLUR'
            | 'COPY_ATTEMPT'
            | 'PASTE_ATTEMPT'
            | 'RIGHT_CLICK'
            | 'DEV_TOOLS'
            | 'FULL_SCREEN_EXIT'
            | 'SECOND_SCREEN';
          timestamp: number;
        }[];
        not_listed: number;
      };
      totals: {
        [key: string]: {
          count: number;
          seconds: number;
        };
      };
      risk: {
        value: number;
        weights_version: string;
        contributions: {
          /** @enum {string} */
          type:
            | 'face_absent'
            | 'multiple_faces'
            | 'phone_visible'
            | 'looking_away'
            | 'camera_obstructed'
            | 'camera_frozen'
            | 'gaze_off_exam'
            | 'reading_aside'
            | 'head_turned'
            | 'talking'
            | 'hand_with_object'
            | 'student_moved'
            | 'low_quality'
            | 'stream_gap'
            | 'answered_unobserved';
          seconds: number;
          share_of_observed: number;
          coverage: number;
          max_points: number;
          full_at_share: number;
          points: number;
          arithmetic: string;
        }[];
        sum_of_points: number;
        capped_at: number;
        cap_reason: string | null;
      };
      integrity: {
        frames: number;
        frames_lost: number;
        losses: {
          [key: string]: number;
        };
        chain: string | null;
        chained?: {
          links: number;
          confirmed_links: number;
          frames: number;
          unchained_frames: number;
        } | null;
        clock_corrected?: {
          frames: number;
          largest_ms: number;
        };
        frames_without?: {
          storage?: number;
          lock?: number;
        };
        out_of_order?: number;
        outside_session?: number;
        late_unexplained?: number;
        constant_readings_s?: number;
        repeated_readings_s?: number;
        nearly_constant_readings_s?: number;
        received?: string;
        store_lost?: {
          frames: number;
        };
        received_too_late?: number;
      };
      alerts?: {
        observation_id: string;
        /** @enum {string} */
        type:
          | 'face_absent'
          | 'multiple_faces'
          | 'phone_visible'
          | 'looking_away'
          | 'camera_obstructed'
          | 'camera_frozen'
          | 'gaze_off_exam'
          | 'reading_aside'
          | 'head_turned'
          | 'talking'
          | 'hand_with_object'
          | 'student_moved'
          | 'low_quality'
          | 'stream_gap'
          | 'answered_unobserved';
        from_ms: number;
        to_ms: number;
        raised_at: string;
        supported: boolean;
        unsupported_reason: ('store_lost' | 'other_rules' | 'not_in_frames') | null;
      }[];
      work?: {
        questions: {
          question_id: string;
          question_number: number;
          answered_at: string;
          duration_s: number;
          live_s: number;
          late_s: number;
          observed: boolean;
          chain: string | null;
          /** @constant */
          chain_unknown?: true;
        }[];
        handed_in_at: string | null;
        hand_in_chain: string | null;
        /** @constant */
        hand_in_chain_unknown?: true;
        unobserved_answers: number;
        unobserved_hand_in: boolean;
        personal_link_used_at?: string;
        /** @enum {string} */
        safe_exam_browser?: 'verified' | 'not_verified';
        note: string | null;
      };
      other_sessions?: {
        session_id: string;
        /** @enum {string} */
        status: 'running' | 'ending' | 'ended';
        started_at: string;
        ended_at: string | null;
      }[];
      phone_cameras?: {
        from: string;
        to: string | null;
      }[];
      calibration?: {
        /** @enum {string} */
        state: 'calibrated' | 'too_poor' | 'drifted';
        at: number;
        /** @default null */
        error_px: number | null;
        /** @default null */
        error_deg: number | null;
        /** @default null */
        targets: number | null;
        /** @default null */
        samples: number | null;
        /** @default null */
        viewport_width: number | null;
        /** @default null */
        viewport_height: number | null;
        /** @default null */
        head_yaw: number | null;
        /** @default null */
        head_pitch: number | null;
        /** @default null */
        head_x_cm: number | null;
        /** @default null */
        head_y_cm: number | null;
        /** @default null */
        head_z_cm: number | null;
      };
      review: components['schemas']['Review'];
    };
    SdReport: {
      session_info: {
        session_id: string;
        exam_id: string | null;
        member_id: string | null;
        start_time: string;
        end_time: string | null;
        duration_seconds: number;
        total_frames: number;
        observed_seconds: number;
        live_seconds?: number;
        late_seconds?: number;
        not_observed_seconds?: number;
      };
      window_analysis: {
        from_s: number;
        to_s: number;
        observations: number;
        types: (
          | 'face_absent'
          | 'multiple_faces'
          | 'phone_visible'
          | 'looking_away'
          | 'camera_obstructed'
          | 'camera_frozen'
          | 'gaze_off_exam'
          | 'reading_aside'
          | 'head_turned'
          | 'talking'
          | 'hand_with_object'
          | 'student_moved'
          | 'low_quality'
          | 'stream_gap'
          | 'answered_unobserved'
        )[];
      }[];
      suspicious_events: {
        phone_detections: {
          id: string;
          from_s: number;
          to_s: number;
          duration_s: number;
          confidence: number;
        }[];
        multiple_faces: {
          id: string;
          from_s: number;
          to_s: number;
          duration_s: number;
          confidence: number;
        }[];
        gaze_off_screen: {
          id: string;
          from_s: number;
          to_s: number;
          duration_s: number;
          confidence: number;
        }[];
        extreme_head_movements: {
          id: string;
          from_s: number;
          to_s: number;
          duration_s: number;
          confidence: number;
        }[];
        no_face_detected: {
          id: string;
          from_s: number;
          to_s: number;
          duration_s: number;
          confidence: number;
        }[];
        summary: {
          total_events: number;
          by_type: {
            [key: string]: number;
          };
          risk: number;
        };
      };
      timeline: {
        time_s: number;
        /** @enum {string} */
        type:
          | 'face_absent'
          | 'multiple_faces'
          | 'phone_visible'
          | 'looking_away'
          | 'camera_obstructed'
          | 'camera_frozen'
          | 'gaze_off_exam'
          | 'reading_aside'
          | 'head_turned'
          | 'talking'
          | 'hand_with_object'
          | 'student_moved'
          | 'low_quality'
          | 'stream_gap'
          | 'answered_unobserved';
        duration_s: number;
        confidence: number;
      }[];
      recommendations: string[];
    };
    Review: {
      /** @enum {string} */
      status: 'open' | 'reviewed';
      outcome: ('nothing_to_follow_up' | 'follow_up' | 'inconclusive') | null;
      by: string | null;
      at: string | null;
      notes: string | null;
      observations: {
        id: string;
        /** @enum {string} */
        mark: 'confirmed' | 'dismissed' | 'unsure';
        note: string | null;
        by: string | null;
        at: string;
      }[];
      contests: {
        id: string;
        text: string;
        at: string;
      }[];
    };
    SessionMessage:
      | {
          /** @constant */
          type: 'heartbeat';
          session_id: string;
          /** Format: date-time */
          timestamp: string;
        }
      | {
          /** @constant */
          type: 'session_ended';
          session_id: string;
          /** Format: date-time */
          timestamp: string;
        }
      | {
          /** @constant */
          type: 'welcome';
          session_id: string;
          server_time_ms: number;
          up_to_seq: number;
          highest_seq: number;
          chain: string | null;
        }
      | {
          /** @constant */
          type: 'ack';
          up_to_seq: number;
          seqs: [number, number][];
          chain: string | null;
        }
      | {
          /** @constant */
          type: 'slow_down';
          retry_after_ms: number;
          reason: string;
        }
      | {
          /** @constant */
          type: 'pong';
          /** Format: date-time */
          timestamp: string;
        }
      | {
          /** @constant */
          type: 'proctor_message';
          message_id: string;
          text: string;
          /** Format: date-time */
          timestamp: string;
        }
      | {
          /** @constant */
          type: 'break';
          /** @enum {string} */
          action: 'begin' | 'end';
          /** Format: date-time */
          timestamp: string;
        }
      | {
          /** @constant */
          type: 'breaks';
          allowed: boolean;
        }
      | {
          /** @constant */
          type: 'pictures';
          every_ms: number | null;
          now: boolean;
        }
      | {
          /** @constant */
          type: 'error';
          /** @enum {string} */
          code:
            | 'BAD_JSON'
            | 'INVALID_MESSAGE'
            | 'INVALID_FRAME'
            | 'TOO_MANY_FIELDS'
            | 'TOO_MANY_FRAMES'
            | 'TOO_MANY_GAPS'
            | 'MESSAGE_TOO_BIG'
            | 'RATE_EXCEEDED'
            | 'AUTH_FAILED'
            | 'ACCESS_DENIED'
            | 'SAFE_EXAM_BROWSER_REQUIRED'
            | 'PICTURE_REFUSED'
            | 'SESSION_NOT_FOUND'
            | 'SESSION_ENDED'
            | 'NOT_FOUND'
            | 'METHOD_NOT_ALLOWED'
            | 'ALREADY_EXISTS'
            | 'WRONG_STATUS'
            | 'STORE_UNAVAILABLE'
            | 'SERVER_BUSY'
            | 'NOT_CONFIGURED'
            | 'INTERNAL';
          message: string;
          field?: string;
          seq?: number;
        };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type Features = components['schemas']['Features'];
export type FeatureFrame = components['schemas']['FeatureFrame'];
export type NewExam = components['schemas']['NewExam'];
export type ReviewRequest = components['schemas']['ReviewRequest'];
export type Problem = components['schemas']['Problem'];
export type Exam = components['schemas']['Exam'];
export type ExamState = components['schemas']['ExamState'];
export type Report = components['schemas']['Report'];
export type SdReport = components['schemas']['SdReport'];
export type Review = components['schemas']['Review'];
export type SessionMessage = components['schemas']['SessionMessage'];
export type $defs = Record<string, never>;
export interface operations {
  startSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
         *       "member_id": "ada"
         *     }
         */
        'application/json': {
          exam_id: string;
          member_id: string;
        };
      };
    };
    responses: {
      /** @description The session, with the token for the student’s page */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "member_id": "ada",
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl",
           *       "token_expires_at": "2026-01-18T10:30:00.000Z",
           *       "ws_url": "ws://proctor.example.edu/api/v1/session/ws/550e8400-e29b-41d4-a716-446655440000"
           *     }
           */
          'application/json': {
            session_id: string;
            exam_id: string;
            member_id: string;
            /** Format: date-time */
            started_at: string;
            /** @description Lets the student’s page send frames, and read and end this session. Issued to a teacher, it cannot answer or contest as the student. */
            token: string;
            /** Format: date-time */
            token_expires_at: string;
            /** @description The session channel, described in `/asyncapi.json`. */
            ws_url: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "exam_id": "physics",
           *       "member_id": "ada",
           *       "status": "running",
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "ended_at": null,
           *       "may_run_without": {
           *         "camera": false,
           *         "image_analysis": false,
           *         "storage": true,
           *         "lock": true
           *       }
           *     }
           */
          'application/json': {
            session_id: string;
            exam_id: string | null;
            member_id: string | null;
            /** @enum {string} */
            status: 'running' | 'ending' | 'ended';
            /** Format: date-time */
            started_at: string;
            ended_at: string | null;
            /** @description What the exam’s policy lets the student’s browser lack. */
            may_run_without: {
              camera: boolean;
              image_analysis: boolean;
              storage: boolean;
              lock: boolean;
            };
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  eraseSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Number of erased items */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "sessions": 1,
           *       "rows": {
           *         "exam_analyses": 1,
           *         "report_summaries": 1,
           *         "receipts": 1,
           *         "review_entries": 1,
           *         "webhook_deliveries": 4,
           *         "camera_links": 1,
           *         "sessions": 1
           *       }
           *     }
           */
          'application/json': {
            sessions: number;
            rows: {
              [key: string]: number;
            };
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  renewSessionToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The new token */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl",
           *       "token_expires_at": "2026-01-18T10:30:00.000Z"
           *     }
           */
          'application/json': {
            session_id: string;
            /** @description Lets the student’s page send frames, and read and end this session. Issued to a teacher, it cannot answer or contest as the student. */
            token: string;
            /** Format: date-time */
            token_expires_at: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: SESSION_ENDED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session has ended */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendSessionMessage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "session_id": "550e8400-e29b-41d4-a716-446655440000",
         *       "extracted_features": {
         *         "no_of_face": 1
         *       }
         *     }
         */
        'application/json':
          | {
              extracted_features: components['schemas']['Features'];
              session_id: string;
            }
          | {
              /** @constant */
              type: 'frame';
              payload: components['schemas']['Features'];
              session_id: string;
            }
          | {
              session_id: string;
              face_present?: (0 | 1) | null;
              no_of_face?: number | null;
              face_x?: number | null;
              face_y?: number | null;
              face_w?: number | null;
              face_h?: number | null;
              face_conf?: number | null;
              head_yaw?: number | null;
              head_pitch?: number | null;
              head_roll?: number | null;
              head_pose?: ('forward' | 'left' | 'right' | 'up' | 'down') | null;
              gaze_on_script?: (0 | 1) | null;
              gaze_direction?:
                | (
                    | 'top_left'
                    | 'top'
                    | 'top_right'
                    | 'left'
                    | 'center'
                    | 'right'
                    | 'bottom_left'
                    | 'bottom'
                    | 'bottom_right'
                  )
                | null;
              gazePoint_x?: number | null;
              gazePoint_y?: number | null;
              phone_present?: (0 | 1) | null;
              phone_conf?: number | null;
              hand_count?: number | null;
              gaze_drift_x?: number | null;
              gaze_drift_y?: number | null;
              calibration?: {
                /** @enum {string} */
                state: 'calibrated' | 'too_poor' | 'drifted';
                at: number;
                /** @default null */
                error_px?: number | null;
                /** @default null */
                error_deg?: number | null;
                /** @default null */
                targets?: number | null;
                /** @default null */
                samples?: number | null;
                /** @default null */
                viewport_width?: number | null;
                /** @default null */
                viewport_height?: number | null;
                /** @default null */
                head_yaw?: number | null;
                /** @default null */
                head_pitch?: number | null;
                /** @default null */
                head_x_cm?: number | null;
                /** @default null */
                head_y_cm?: number | null;
                /** @default null */
                head_z_cm?: number | null;
              } | null;
              phone_x?: number | null;
              phone_y?: number | null;
              phone_w?: number | null;
              phone_h?: number | null;
              hand_x?: number | null;
              hand_y?: number | null;
              hand_w?: number | null;
              hand_h?: number | null;
              hand_side?: ('left' | 'right') | null;
              hand_near_face?: (0 | 1) | null;
              hand_holding_object?: (0 | 1) | null;
              still_faces?: number | null;
              eye_open_left?: number | null;
              eye_open_right?: number | null;
              blink_rate_per_min?: number | null;
              mouth_open?: number | null;
              mouth_moving?: (0 | 1) | null;
              image_brightness?: number | null;
              image_contrast?: number | null;
              image_sharpness?: number | null;
              image_obstructed?: (0 | 1) | null;
              image_frozen?: (0 | 1) | null;
              image_frozen_for_ms?: number | null;
              image_replayed?: (0 | 1) | null;
              image_width?: number | null;
              image_height?: number | null;
              virtual_camera_hint?: (0 | 1) | null;
              camera_count?: number | null;
              page_hidden?: (0 | 1) | null;
              storage_missing?: (0 | 1) | null;
              lock_missing?: (0 | 1) | null;
              page_violations?:
                | {
                    /** @enum {string} */
                    type:
                      | 'TAB_SWITCH'
                      | 'WINDOW_BLUR'
                      | 'COPY_ATTEMPT'
                      | 'PASTE_ATTEMPT'
                      | 'RIGHT_CLICK'
                      | 'DEV_TOOLS'
                      | 'FULL_SCREEN_EXIT'
                      | 'SECOND_SCREEN';
                    timestamp: number;
                  }[]
                | null;
              page_violations_dropped?: number | null;
              engine_backend?: ('wasm' | 'webgl' | 'webgpu' | 'cpu') | null;
              engine_latency_ms?: number | null;
              engine_face_ms?: number | null;
              engine_object_ms?: number | null;
              engine_hand_ms?: number | null;
              engine_skipped?: number | null;
              engine_face_hz?: number | null;
              engine_object_hz?: number | null;
              engine_hand_hz?: number | null;
              engine_face_plan_hz?: number | null;
              engine_object_plan_hz?: number | null;
              engine_hand_plan_hz?: number | null;
              engine_load?: number | null;
              engine_budget?: number | null;
              engine_budget_hint?: ('battery' | 'pressure') | null;
              clock_corrected_ms?: number | null;
              not_observed?:
                | (
                    | 'camera_starting'
                    | 'camera_lost'
                    | 'camera_muted'
                    | 'page_suspended'
                    | 'worker_restarted'
                    | 'paused'
                    | 'obstructed'
                    | 'frozen'
                    | 'too_dark'
                    | 'too_bright'
                    | 'blurred'
                    | 'face_too_small'
                    | 'face_cut_off'
                    | 'face_covered'
                    | 'head_turned'
                    | 'eyes_closed'
                    | 'no_face'
                    | 'not_due'
                    | 'not_calibrated'
                    | 'model_missing'
                    | 'detector_failed'
                    | 'canvas_falsified'
                    | 'no_camera'
                    | 'no_image_analysis'
                    | 'camera_blocked'
                  )
                | null;
              unknown?: {
                [key: string]:
                  | 'camera_starting'
                  | 'camera_lost'
                  | 'camera_muted'
                  | 'page_suspended'
                  | 'worker_restarted'
                  | 'paused'
                  | 'obstructed'
                  | 'frozen'
                  | 'too_dark'
                  | 'too_bright'
                  | 'blurred'
                  | 'face_too_small'
                  | 'face_cut_off'
                  | 'face_covered'
                  | 'head_turned'
                  | 'eyes_closed'
                  | 'no_face'
                  | 'not_due'
                  | 'not_calibrated'
                  | 'model_missing'
                  | 'detector_failed'
                  | 'canvas_falsified'
                  | 'no_camera'
                  | 'no_image_analysis'
                  | 'camera_blocked';
              } | null;
              timestamp?: number | string;
            }
          | {
              frame_data: {
                session_id?: string;
                face_present?: (0 | 1) | null;
                no_of_face?: number | null;
                face_x?: number | null;
                face_y?: number | null;
                face_w?: number | null;
                face_h?: number | null;
                face_conf?: number | null;
                head_yaw?: number | null;
                head_pitch?: number | null;
                head_roll?: number | null;
                head_pose?: ('forward' | 'left' | 'right' | 'up' | 'down') | null;
                gaze_on_script?: (0 | 1) | null;
                gaze_direction?:
                  | (
                      | 'top_left'
                      | 'top'
                      | 'top_right'
                      | 'left'
                      | 'center'
                      | 'right'
                      | 'bottom_left'
                      | 'bottom'
                      | 'bottom_right'
                    )
                  | null;
                gazePoint_x?: number | null;
                gazePoint_y?: number | null;
                phone_present?: (0 | 1) | null;
                phone_conf?: number | null;
                hand_count?: number | null;
                gaze_drift_x?: number | null;
                gaze_drift_y?: number | null;
                calibration?: {
                  /** @enum {string} */
                  state: 'calibrated' | 'too_poor' | 'drifted';
                  at: number;
                  /** @default null */
                  error_px?: number | null;
                  /** @default null */
                  error_deg?: number | null;
                  /** @default null */
                  targets?: number | null;
                  /** @default null */
                  samples?: number | null;
                  /** @default null */
                  viewport_width?: number | null;
                  /** @default null */
                  viewport_height?: number | null;
                  /** @default null */
                  head_yaw?: number | null;
                  /** @default null */
                  head_pitch?: number | null;
                  /** @default null */
                  head_x_cm?: number | null;
                  /** @default null */
                  head_y_cm?: number | null;
                  /** @default null */
                  head_z_cm?: number | null;
                } | null;
                phone_x?: number | null;
                phone_y?: number | null;
                phone_w?: number | null;
                phone_h?: number | null;
                hand_x?: number | null;
                hand_y?: number | null;
                hand_w?: number | null;
                hand_h?: number | null;
                hand_side?: ('left' | 'right') | null;
                hand_near_face?: (0 | 1) | null;
                hand_holding_object?: (0 | 1) | null;
                still_faces?: number | null;
                eye_open_left?: number | null;
                eye_open_right?: number | null;
                blink_rate_per_min?: number | null;
                mouth_open?: number | null;
                mouth_moving?: (0 | 1) | null;
                image_brightness?: number | null;
                image_contrast?: number | null;
                image_sharpness?: number | null;
                image_obstructed?: (0 | 1) | null;
                image_frozen?: (0 | 1) | null;
                image_frozen_for_ms?: number | null;
                image_replayed?: (0 | 1) | null;
                image_width?: number | null;
                image_height?: number | null;
                virtual_camera_hint?: (0 | 1) | null;
                camera_count?: number | null;
                page_hidden?: (0 | 1) | null;
                storage_missing?: (0 | 1) | null;
                lock_missing?: (0 | 1) | null;
                page_violations?:
                  | {
                      /** @enum {string} */
                      type:
                        | 'TAB_SWITCH'
                        | 'WINDOW_BLUR'
                        | 'COPY_ATTEMPT'
                        | 'PASTE_ATTEMPT'
                        | 'RIGHT_CLICK'
                        | 'DEV_TOOLS'
                        | 'FULL_SCREEN_EXIT'
                        | 'SECOND_SCREEN';
                      timestamp: number;
                    }[]
                  | null;
                page_violations_dropped?: number | null;
                engine_backend?: ('wasm' | 'webgl' | 'webgpu' | 'cpu') | null;
                engine_latency_ms?: number | null;
                engine_face_ms?: number | null;
                engine_object_ms?: number | null;
                engine_hand_ms?: number | null;
                engine_skipped?: number | null;
                engine_face_hz?: number | null;
                engine_object_hz?: number | null;
                engine_hand_hz?: number | null;
                engine_face_plan_hz?: number | null;
                engine_object_plan_hz?: number | null;
                engine_hand_plan_hz?: number | null;
                engine_load?: number | null;
                engine_budget?: number | null;
                engine_budget_hint?: ('battery' | 'pressure') | null;
                clock_corrected_ms?: number | null;
                not_observed?:
                  | (
                      | 'camera_starting'
                      | 'camera_lost'
                      | 'camera_muted'
                      | 'page_suspended'
                      | 'worker_restarted'
                      | 'paused'
                      | 'obstructed'
                      | 'frozen'
                      | 'too_dark'
                      | 'too_bright'
                      | 'blurred'
                      | 'face_too_small'
                      | 'face_cut_off'
                      | 'face_covered'
                      | 'head_turned'
                      | 'eyes_closed'
                      | 'no_face'
                      | 'not_due'
                      | 'not_calibrated'
                      | 'model_missing'
                      | 'detector_failed'
                      | 'canvas_falsified'
                      | 'no_camera'
                      | 'no_image_analysis'
                      | 'camera_blocked'
                    )
                  | null;
                unknown?: {
                  [key: string]:
                    | 'camera_starting'
                    | 'camera_lost'
                    | 'camera_muted'
                    | 'page_suspended'
                    | 'worker_restarted'
                    | 'paused'
                    | 'obstructed'
                    | 'frozen'
                    | 'too_dark'
                    | 'too_bright'
                    | 'blurred'
                    | 'face_too_small'
                    | 'face_cut_off'
                    | 'face_covered'
                    | 'head_turned'
                    | 'eyes_closed'
                    | 'no_face'
                    | 'not_due'
                    | 'not_calibrated'
                    | 'model_missing'
                    | 'detector_failed'
                    | 'canvas_falsified'
                    | 'no_camera'
                    | 'no_image_analysis'
                    | 'camera_blocked';
                } | null;
                timestamp?: number | string;
              };
              session_id: string;
            }
          | {
              /** @constant */
              type: 'hello';
              client_time_ms: number | string;
              last_seq?: number | null;
              pictures?: boolean;
              session_id: string;
            }
          | {
              /** @constant */
              type: 'batch';
              frames: components['schemas']['FeatureFrame'][];
              chain?: string | null;
              session_id: string;
            }
          | {
              /** @constant */
              type: 'losses';
              counts: {
                [key: string]: number;
              };
              ranges?: {
                /** @enum {string} */
                reason:
                  | 'outbox_full'
                  | 'storage_failed'
                  | 'rejected'
                  | 'engine_stalled'
                  | 'session_over'
                  | 'left_behind';
                seqs: [number, number];
              }[];
              session_id: string;
            }
          | {
              /** @constant */
              type: 'ping';
              timestamp?: unknown;
              session_id: string;
            }
          | {
              /** @constant */
              type: 'picture';
              timestamp: number | string;
              data: string;
              session_id: string;
            };
      };
    };
    responses: {
      /** @description The messages that the socket would have sent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "messages": [
           *         {
           *           "type": "ack",
           *           "up_to_seq": 4,
           *           "seqs": [
           *             [
           *               0,
           *               4
           *             ]
           *           ],
           *           "chain": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
           *         }
           *       ]
           *     }
           */
          'application/json': {
            messages: components['schemas']['SessionMessage'][];
          };
        };
      };
      /** @description The frame is stored */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "accepted",
           *       "session_id": "550e8400-e29b-41d4-a716-446655440000"
           *     }
           */
          'application/json': {
            /** @constant */
            status: 'accepted';
            session_id: string;
          };
        };
      };
      /** @description Bad Request: INVALID_FRAME, TOO_MANY_FIELDS, TOO_MANY_FRAMES, TOO_MANY_GAPS, INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: SESSION_ENDED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLivekitToken: {
    parameters: {
      query: {
        /** @description The room */
        exam_id: string;
        /** @description The user who joins */
        member_id: string;
        /** @description Display name; the id if absent */
        name?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The token */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl",
           *       "url": "wss://live.example.org",
           *       "room": "physics",
           *       "identity": "ada",
           *       "name": "ada"
           *     }
           */
          'application/json': {
            token: string;
            url: string;
            room: string;
            identity: string;
            name: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: NOT_CONFIGURED, STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  messageStudent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "text": "Please turn on a light."
         *     }
         */
        'application/json': {
          text: string;
        };
      };
    };
    responses: {
      /** @description The message is sent to the student’s page */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "message_id": "550e8400-e29b-41d4-a716-446655440000"
           *     }
           */
          'application/json': {
            message_id: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  askBreak: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "action": "begin"
         *     }
         */
        'application/json': {
          /** @enum {string} */
          action: 'begin' | 'end';
        };
      };
    };
    responses: {
      /** @description The request is sent to the student’s page */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "action": "begin"
           *     }
           */
          'application/json': {
            /** @enum {string} */
            action: 'begin' | 'end';
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  flagSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "note": "Look at this."
         *     }
         */
        'application/json': {
          note: string;
        };
      };
    };
    responses: {
      /** @description The note is in the audit log */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "note": "Look at this."
           *     }
           */
          'application/json': {
            note: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createCameraLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The link */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "path": "/camera/#code=AMMdqJUkSesJWBioJ_dPSgSFw19bKnpt",
           *       "expires_at": "2026-01-18T10:30:00.000Z"
           *     }
           */
          'application/json': {
            /** @description Path and fragment on this server. Servers and proxies never see the code. */
            path: string;
            /** Format: date-time */
            expires_at: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: SESSION_ENDED, WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSessionCamera: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The phone’s state */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session_status": "running",
           *       "phone": "opened",
           *       "expires_at": null,
           *       "seen_at": null
           *     }
           */
          'application/json': {
            /** @enum {string} */
            session_status: 'running' | 'ending' | 'ended';
            /**
             * @description `none`: no phone. `waiting`: no phone has opened the link. `opened`: one has, and its student has not agreed there yet. `lost`: nothing has arrived from the phone for 15 s.
             * @enum {string}
             */
            phone: 'none' | 'waiting' | 'opened' | 'connected' | 'lost';
            expires_at: string | null;
            seen_at: string | null;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  joinAsCamera: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "code": "AMMdqJUkSesJWBioJ_dPSgSFw19bKnpt"
         *     }
         */
        'application/json': {
          code: string;
        };
      };
    };
    responses: {
      /** @description The session, with the phone’s token */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl",
           *       "token_expires_at": "2026-01-18T10:30:00.000Z",
           *       "notice": {
           *         "exam_id": "physics",
           *         "title": null,
           *         "status": "IN_PROGRESS",
           *         "scheduled_at": null,
           *         "duration_minutes": 90,
           *         "total_questions": null,
           *         "started_at": "2026-01-18T10:30:00.000Z",
           *         "ends_at": "2026-01-18T10:30:00.000Z",
           *         "extra_minutes": 10,
           *         "server_time": "2026-01-18T10:30:00.000Z",
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "has_assessment": false,
           *         "organiser": null,
           *         "images": {
           *           "while_watched": false,
           *           "with_alerts": false
           *         },
           *         "proctor_sees_numbers": true,
           *         "breaks": true,
           *         "chat": true,
           *         "phone_camera": true,
           *         "report_to_student": true,
           *         "history": true,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       }
           *     }
           */
          'application/json': {
            session_id: string;
            token: string;
            /** Format: date-time */
            token_expires_at: string;
            notice: {
              exam_id: string;
              title: string | null;
              /** @enum {string} */
              status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
              scheduled_at: string | null;
              duration_minutes: number | null;
              total_questions: number | null;
              started_at: string | null;
              ends_at: string | null;
              extra_minutes: number;
              /** Format: date-time */
              server_time: string;
              exam_url: string | null;
              safe_exam_browser: {
                configuration: string;
                quit: string;
              } | null;
              has_assessment: boolean;
              organiser: {
                name: string;
                contact: string | null;
                privacy_url: string | null;
              } | null;
              images: {
                while_watched: boolean;
                with_alerts: boolean;
              };
              proctor_sees_numbers: boolean;
              breaks: boolean;
              chat: boolean;
              phone_camera: boolean;
              report_to_student: boolean;
              history: boolean;
              retention: {
                frames_days: number | null;
                reports_days: number | null;
              };
            } | null;
          };
        };
      };
      /** @description Bad Request: BAD_JSON, INVALID_MESSAGE */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: SESSION_ENDED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  analyzeSession: {
    parameters: {
      query?: {
        /** @description `json` by default; `sd`: the fields of the documented server; `csv`: the observations as a table */
        format?: 'json' | 'sd' | 'csv';
        /** @description Version of the rules */
        rules?: '1' | '2' | '3';
        /** @description Version of the risk weights */
        weights?: '1' | '2';
      };
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The report */
      200: {
        headers: {
          /** @description The stored version; absent while the session runs */
          'Report-Version'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session": {
           *         "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *         "exam_id": "physics",
           *         "member_id": "ada",
           *         "status": "running",
           *         "started_at": "2026-01-18T10:30:00.000Z",
           *         "ended_at": null
           *       },
           *       "rules_version": "3",
           *       "rules": [
           *         {
           *           "type": "face_absent",
           *           "watched_s": 0.078
           *         }
           *       ],
           *       "accommodations": [
           *         "tics"
           *       ],
           *       "usual": {
           *         "head_yaw": null,
           *         "head_pitch": null,
           *         "face_x": null,
           *         "face_y": null,
           *         "face_w": null,
           *         "mouth_moving": null,
           *         "gaze_aside": null,
           *         "gaze_off_exam": null
           *       },
           *       "coverage": {
           *         "from_ms": 1795924855958,
           *         "to_ms": 1795924855958,
           *         "duration_s": 0,
           *         "observed_s": 0,
           *         "share": 0,
           *         "live_s": 0,
           *         "late_s": 0,
           *         "live_share": 0,
           *         "not_observed_s": {},
           *         "gaps": [],
           *         "gaps_not_listed": 0,
           *         "late": []
           *       },
           *       "observations": [],
           *       "violations": {
           *         "total": 0,
           *         "by_type": {},
           *         "list": [],
           *         "not_listed": 0
           *       },
           *       "totals": {},
           *       "risk": {
           *         "value": 0,
           *         "weights_version": "2",
           *         "contributions": [],
           *         "sum_of_points": 0,
           *         "capped_at": 0,
           *         "cap_reason": "only 0 % of the session was observed, less than 50 %"
           *       },
           *       "integrity": {
           *         "frames": 6,
           *         "frames_lost": 0,
           *         "losses": {},
           *         "chain": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "chained": {
           *           "links": 1,
           *           "confirmed_links": 0,
           *           "frames": 5,
           *           "unchained_frames": 1
           *         },
           *         "received": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "out_of_order": 0,
           *         "outside_session": 5,
           *         "late_unexplained": 0,
           *         "constant_readings_s": 0,
           *         "repeated_readings_s": 0,
           *         "nearly_constant_readings_s": 0
           *       },
           *       "alerts": [],
           *       "work": {
           *         "questions": [
           *           {
           *             "question_id": "q1",
           *             "question_number": 1,
           *             "answered_at": "2026-01-18T10:30:00.000Z",
           *             "duration_s": 0,
           *             "live_s": 0,
           *             "late_s": 0,
           *             "observed": false,
           *             "chain": null
           *           }
           *         ],
           *         "handed_in_at": "2026-01-18T10:30:00.000Z",
           *         "hand_in_chain": null,
           *         "unobserved_answers": 1,
           *         "unobserved_hand_in": true,
           *         "note": "answered 1 question and handed in while not observed"
           *       },
           *       "other_sessions": [],
           *       "review": {
           *         "status": "open",
           *         "outcome": null,
           *         "by": null,
           *         "at": null,
           *         "notes": null,
           *         "observations": [],
           *         "contests": []
           *       }
           *     }
           */
          'application/json': components['schemas']['Report'] | components['schemas']['SdReport'];
          'text/csv': string;
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: SERVER_BUSY, STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReceipt: {
    parameters: {
      query?: {
        /** @description A stored version; the newest if absent */
        version?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The receipt */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "receipt": {
           *         "format": "invigil-receipt/1",
           *         "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *         "version": 1,
           *         "frames": 300,
           *         "chain": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "received": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "report_sha256": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "previous": null,
           *         "signed_at": "2026-01-18T10:30:00.000Z",
           *         "key_id": "b0854e160766d94f",
           *         "signature": "p-gw-VtK7jSKruETR5BCCKjy-1SS70bkfG2fmChCCckUPNdXXS3e9psyc4JJhM3hxYG68GR_Q-gSlUK0k-ErBQ"
           *       },
           *       "proof": null,
           *       "root": null,
           *       "keys": [
           *         {
           *           "key_id": "b0854e160766d94f",
           *           "public_key": "MCowBQYDK2VwAyEAQDVLn_ervEBdC9-8iAd1HsqxPgVoThCn_zIJwcbAahA",
           *           "created_at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ]
           *     }
           */
          'application/json': {
            receipt: {
              /** @constant */
              format: 'invigil-receipt/1';
              session_id: string;
              version: number;
              frames: number;
              chain: string | null;
              received: string | null;
              report_sha256: string;
              previous: string | null;
              signed_at: string;
              key_id: string;
              signature: string;
            };
            proof:
              | {
                  /** @enum {string} */
                  side: 'left' | 'right';
                  hash: string;
                }[]
              | null;
            root: {
              /** @constant */
              format: 'invigil-root/1';
              day: string;
              receipts: number;
              root: string;
              key_id: string;
              signature: string;
            } | null;
            keys: {
              key_id: string;
              public_key: string;
              created_at: string;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReport: {
    parameters: {
      query?: {
        /** @description `json` by default; `sd`: the fields of the documented server; `csv`: the observations as a table */
        format?: 'json' | 'sd' | 'csv';
        /** @description A stored version; the newest if absent */
        version?: string;
        /** @description `none`: the analysis only, byte for byte as it was made */
        review?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The report */
      200: {
        headers: {
          /** @description The stored version; absent while the session runs */
          'Report-Version'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "session": {
           *         "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *         "exam_id": "physics",
           *         "member_id": "ada",
           *         "status": "ended",
           *         "started_at": "2026-01-18T10:30:00.000Z",
           *         "ended_at": "2026-01-18T10:30:00.000Z"
           *       },
           *       "rules_version": "3",
           *       "rules": [
           *         {
           *           "type": "face_absent",
           *           "watched_s": 0
           *         }
           *       ],
           *       "accommodations": [
           *         "tics"
           *       ],
           *       "usual": {
           *         "head_yaw": null,
           *         "head_pitch": null,
           *         "face_x": null,
           *         "face_y": null,
           *         "face_w": null,
           *         "mouth_moving": null,
           *         "gaze_aside": null,
           *         "gaze_off_exam": null
           *       },
           *       "coverage": {
           *         "from_ms": 1795924857295,
           *         "to_ms": 1795924857295,
           *         "duration_s": 0,
           *         "observed_s": 0,
           *         "share": 0,
           *         "live_s": 0,
           *         "late_s": 0,
           *         "live_share": 0,
           *         "not_observed_s": {},
           *         "gaps": [],
           *         "gaps_not_listed": 0,
           *         "late": []
           *       },
           *       "observations": [
           *         {
           *           "id": "phone_visible-100",
           *           "type": "phone_visible",
           *           "from_ms": 1767603620000,
           *           "to_ms": 1767603629800,
           *           "confidence": 0.6,
           *           "measured": {
           *             "phone_conf": 60
           *           },
           *           "evidence": {
           *             "first": "100",
           *             "strongest": "100",
           *             "last": "149"
           *           },
           *           "frames": 50,
           *           "from_s": 20,
           *           "to_s": 29.8,
           *           "duration_s": 9.8
           *         }
           *       ],
           *       "violations": {
           *         "total": 0,
           *         "by_type": {},
           *         "list": [],
           *         "not_listed": 0
           *       },
           *       "totals": {
           *         "phone_visible": {
           *           "count": 1,
           *           "seconds": 9.8
           *         }
           *       },
           *       "risk": {
           *         "value": 0,
           *         "weights_version": "2",
           *         "contributions": [
           *           {
           *             "type": "phone_visible",
           *             "seconds": 9.8,
           *             "share_of_observed": 0,
           *             "coverage": 0,
           *             "max_points": 40,
           *             "full_at_share": 0.05,
           *             "points": 0,
           *             "arithmetic": "40 × 0, because nothing was observed = 0"
           *           }
           *         ],
           *         "sum_of_points": 0,
           *         "capped_at": 0,
           *         "cap_reason": "only 0 % of the session was observed, less than 50 %"
           *       },
           *       "integrity": {
           *         "frames": 300,
           *         "frames_lost": 0,
           *         "losses": {},
           *         "chain": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "chained": {
           *           "links": 1,
           *           "confirmed_links": 0,
           *           "frames": 300,
           *           "unchained_frames": 0
           *         },
           *         "received": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *         "out_of_order": 0,
           *         "outside_session": 300,
           *         "late_unexplained": 0,
           *         "constant_readings_s": 0,
           *         "repeated_readings_s": 0,
           *         "nearly_constant_readings_s": 0
           *       },
           *       "alerts": [
           *         {
           *           "observation_id": "phone_visible-100",
           *           "type": "phone_visible",
           *           "from_ms": 1767603620000,
           *           "to_ms": 1767603629800,
           *           "raised_at": "2026-01-18T10:30:00.000Z",
           *           "supported": true,
           *           "unsupported_reason": null
           *         }
           *       ],
           *       "work": {
           *         "questions": [],
           *         "handed_in_at": null,
           *         "hand_in_chain": null,
           *         "unobserved_answers": 0,
           *         "unobserved_hand_in": false,
           *         "note": null
           *       },
           *       "other_sessions": [
           *         {
           *           "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *           "status": "ended",
           *           "started_at": "2026-01-18T10:30:00.000Z",
           *           "ended_at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ],
           *       "review": {
           *         "status": "open",
           *         "outcome": null,
           *         "by": null,
           *         "at": null,
           *         "notes": null,
           *         "observations": [],
           *         "contests": []
           *       }
           *     }
           */
          'application/json': components['schemas']['Report'] | components['schemas']['SdReport'];
          'text/csv': string;
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReplay: {
    parameters: {
      query?: {
        /** @description Client clock, milliseconds since the Unix epoch; from the first frame if absent */
        from_ms?: string;
        /** @description The frames before this time; to the last if absent */
        to_ms?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The frames */
      200: {
        headers: {
          /** @description Time that the frames’ times are relative to, milliseconds since the Unix epoch */
          'Replay-Start'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': string;
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getObservationsCsv: {
    parameters: {
      query?: {
        /** @description A stored version; the newest if absent */
        version?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Comma-separated values */
      200: {
        headers: {
          /** @description The stored version; absent while the session runs */
          'Report-Version'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/csv': string;
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listReports: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Versions, oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "reports": [
           *         {
           *           "version": 1,
           *           "rules_version": "3",
           *           "created_at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ]
           *     }
           */
          'application/json': {
            reports: {
              version: number;
              rules_version: string;
              /** Format: date-time */
              created_at: string;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReview: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The current review */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "reviewed",
           *       "outcome": "follow_up",
           *       "by": "teacher",
           *       "at": "2026-01-18T10:30:00.000Z",
           *       "notes": null,
           *       "observations": [
           *         {
           *           "id": "phone_visible-100",
           *           "mark": "confirmed",
           *           "note": null,
           *           "by": "teacher",
           *           "at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ],
           *       "contests": [
           *         {
           *           "id": "phone_visible-100",
           *           "text": "It was the cat.",
           *           "at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Review'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  review: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "outcome": "follow_up",
         *       "observations": [
         *         {
         *           "id": "phone_visible-100",
         *           "mark": "confirmed"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['ReviewRequest'];
      };
    };
    responses: {
      /** @description The current review */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "reviewed",
           *       "outcome": "follow_up",
           *       "by": "teacher",
           *       "at": "2026-01-18T10:30:00.000Z",
           *       "notes": null,
           *       "observations": [
           *         {
           *           "id": "phone_visible-100",
           *           "mark": "confirmed",
           *           "note": null,
           *           "by": "teacher",
           *           "at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ],
           *       "contests": []
           *     }
           */
          'application/json': components['schemas']['Review'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postReview: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "observations": [
         *         {
         *           "id": "phone_visible-100",
         *           "mark": "confirmed"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['ReviewRequest'];
      };
    };
    responses: {
      /** @description The current review */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "reviewed",
           *       "outcome": "follow_up",
           *       "by": "teacher",
           *       "at": "2026-01-18T10:30:00.000Z",
           *       "notes": null,
           *       "observations": [
           *         {
           *           "id": "phone_visible-100",
           *           "mark": "confirmed",
           *           "note": null,
           *           "by": "teacher",
           *           "at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ],
           *       "contests": []
           *     }
           */
          'application/json': components['schemas']['Review'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  contestObservation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
        /** @description Id of an observation in the report */
        observation_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "text": "It was the cat."
         *     }
         */
        'application/json': {
          text: string;
        };
      };
    };
    responses: {
      /** @description The current review */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "reviewed",
           *       "outcome": "follow_up",
           *       "by": null,
           *       "at": "2026-01-18T10:30:00.000Z",
           *       "notes": null,
           *       "observations": [
           *         {
           *           "id": "phone_visible-100",
           *           "mark": "confirmed",
           *           "note": null,
           *           "by": null,
           *           "at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ],
           *       "contests": [
           *         {
           *           "id": "phone_visible-100",
           *           "text": "It was the cat.",
           *           "at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Review'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAudit: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "audit": [
           *         {
           *           "at": "2026-01-18T10:30:00.000Z",
           *           "actor": "ada",
           *           "action": "session.started",
           *           "detail": null
           *         }
           *       ]
           *     }
           */
          'application/json': {
            audit: {
              /** Format: date-time */
              at: string;
              actor: string;
              action: string;
              detail: unknown;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: SESSION_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listExamReports: {
    parameters: {
      query?: {
        /** @description `priority` (risk) by default */
        sort?: 'priority' | 'coverage' | 'observations' | 'ended_at' | 'student';
        /** @description `asc` by default for `coverage` and `student`, `desc` for the others */
        order?: 'asc' | 'desc';
        /** @description Only reports with this review status */
        status?: 'open' | 'second' | 'reviewed' | 'contested' | 'disagreed';
        /** @description Only reports with an observation of this type */
        type?:
          | 'face_absent'
          | 'multiple_faces'
          | 'phone_visible'
          | 'looking_away'
          | 'camera_obstructed'
          | 'camera_frozen'
          | 'gaze_off_exam'
          | 'reading_aside'
          | 'head_turned'
          | 'talking'
          | 'hand_with_object'
          | 'student_moved'
          | 'low_quality'
          | 'stream_gap'
          | 'answered_unobserved';
        /** @description 0–100: only reports up to this priority */
        max_risk?: string;
        /** @description 0–1: only reports from this coverage */
        min_coverage?: string;
        /** @description Part of the student’s id or name */
        student?: string;
        /** @description Only reports that the user can decide on: open ones, and those that only another of two reviewers decided on */
        decidable?: 'true';
        /** @description 1–200 reports per page, 50 by default */
        limit?: string;
        /** @description `next_cursor` of the previous page */
        cursor?: string;
        /** @description `json` by default; `csv`: all matching reports, not only one page */
        format?: 'json' | 'csv';
      };
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "physics",
           *       "exam_title": null,
           *       "reviewers": 1,
           *       "history": true,
           *       "counts": {
           *         "all": 2,
           *         "open": 1,
           *         "second": 0,
           *         "reviewed": 1,
           *         "contested": 1,
           *         "disagreed": 0,
           *         "decidable": 1,
           *         "matching": 2
           *       },
           *       "reports": [
           *         {
           *           "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *           "student_id": "ada",
           *           "student_name": null,
           *           "version": 1,
           *           "rules_version": "3",
           *           "started_at": "2026-01-18T10:30:00.000Z",
           *           "ended_at": "2026-01-18T10:30:00.000Z",
           *           "risk": 0,
           *           "coverage": {
           *             "share": 0,
           *             "duration_s": 0,
           *             "observed_s": 0,
           *             "live_s": 0,
           *             "late_s": 0
           *           },
           *           "observations": {},
           *           "alerts": 0,
           *           "violations": 0,
           *           "contests": 0,
           *           "review": {
           *             "status": "open",
           *             "outcome": null,
           *             "by": null,
           *             "at": null,
           *             "other_outcome": null,
           *             "other_by": null
           *           }
           *         }
           *       ],
           *       "next_cursor": null
           *     }
           */
          'application/json': {
            exam_id: string;
            exam_title: string | null;
            /**
             * @description Reviewers who must decide on each report
             * @enum {number}
             */
            reviewers: 1 | 2;
            /** @description Whether the policy lets a student’s history list these reports */
            history: boolean;
            /** @description Reports of the exam by status, and those that match the filter */
            counts: {
              all: number;
              open: number;
              second: number;
              reviewed: number;
              contested: number;
              disagreed: number;
              /** @description The user can decide on these */
              decidable: number;
              matching: number;
            };
            reports: {
              session_id: string;
              student_id: string | null;
              student_name: string | null;
              version: number;
              rules_version: string;
              started_at: string | null;
              ended_at: string | null;
              /** @description 0–100: the review priority */
              risk: number | null;
              coverage: {
                /** @description Observed live; in reports of rules before version 3, observed */
                share: number | null;
                duration_s: number;
                observed_s: number | null;
                live_s: number | null;
                late_s: number | null;
              } | null;
              /** @description Number of observations by type */
              observations: {
                [key: string]: number;
              };
              alerts: number;
              violations: number;
              contests: number;
              review: {
                /** @enum {string} */
                status: 'open' | 'second' | 'reviewed';
                outcome: ('nothing_to_follow_up' | 'follow_up' | 'inconclusive') | null;
                by: string | null;
                at: string | null;
                other_outcome: ('nothing_to_follow_up' | 'follow_up' | 'inconclusive') | null;
                other_by: string | null;
              };
            }[];
            /** @description Null on the last page */
            next_cursor: string | null;
          };
          'text/csv': string;
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listOpenAlerts: {
    parameters: {
      query?: {
        /** @description 1–100 alerts per page, 50 by default */
        limit?: string;
        /** @description `next_cursor` of the previous page */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "alerts": [
           *         {
           *           "stream_id": "550e8400-e29b-41d4-a716-446655440000",
           *           "result": {
           *             "alert_id": "550e8400-e29b-41d4-a716-446655440000:phone_visible-100",
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "observation": {
           *               "id": "phone_visible-100",
           *               "type": "phone_visible",
           *               "from_ms": 1767603620000,
           *               "to_ms": 1767603629800,
           *               "confidence": 0.6,
           *               "measured": {
           *                 "phone_conf": 60
           *               },
           *               "evidence": {
           *                 "first": "100",
           *                 "strongest": "100",
           *                 "last": "149"
           *               },
           *               "frames": 50
           *             },
           *             "raised_at": "2026-01-18T10:30:00.000Z",
           *             "escalated": false,
           *             "duration_s": 9.8
           *           }
           *         }
           *       ],
           *       "next_cursor": null
           *     }
           */
          'application/json': {
            alerts: {
              stream_id: string;
              result: {
                alert_id: string;
                exam_id: string | null;
                member_id: string | null;
                observation: {
                  id: string;
                  /** @enum {string} */
                  type:
                    | 'face_absent'
                    | 'multiple_faces'
                    | 'phone_visible'
                    | 'looking_away'
                    | 'camera_obstructed'
                    | 'camera_frozen'
                    | 'gaze_off_exam'
                    | 'reading_aside'
                    | 'head_turned'
                    | 'talking'
                    | 'hand_with_object'
                    | 'student_moved'
                    | 'low_quality'
                    | 'stream_gap'
                    | 'answered_unobserved';
                  from_ms: number;
                  to_ms: number;
                  confidence: number;
                  measured: {
                    [key: string]: number;
                  };
                  evidence: {
                    first: string;
                    strongest: string;
                    last: string;
                  };
                  frames: number;
                  /** @constant */
                  usual?: true;
                };
                /** Format: date-time */
                raised_at: string;
                escalated: boolean;
                duration_s: number | null;
              };
            }[];
            next_cursor: string | null;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  reviewExamReports: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "outcome": "nothing_to_follow_up",
         *       "max_risk": 100,
         *       "expected": 1
         *     }
         */
        'application/json': {
          /** @constant */
          outcome: 'nothing_to_follow_up';
          max_risk: number;
          /** @default 0 */
          min_coverage?: number;
          notes?: string;
          expected?: number;
        };
      };
    };
    responses: {
      /** @description The sessions whose reports were decided on */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "matching": 1,
           *       "recorded": 1,
           *       "failed": 0,
           *       "session_ids": [
           *         "550e8400-e29b-41d4-a716-446655440000"
           *       ]
           *     }
           */
          'application/json': {
            matching: number;
            recorded: number;
            /** @description Reports that could not be decided on, because a store failed */
            failed: number;
            session_ids: string[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRuleOutcomes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By version and type */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "rules": [
           *         {
           *           "rules_version": "3",
           *           "type": "phone_visible",
           *           "sessions": 1,
           *           "observations": 1,
           *           "confirmed": 1,
           *           "dismissed": 0,
           *           "unsure": 0,
           *           "alerts": 1,
           *           "alerts_confirmed": 1,
           *           "alerts_dismissed": 0,
           *           "alerts_unsure": 0
           *         }
           *       ]
           *     }
           */
          'application/json': {
            rules: {
              rules_version: string;
              /** @enum {string} */
              type:
                | 'face_absent'
                | 'multiple_faces'
                | 'phone_visible'
                | 'looking_away'
                | 'camera_obstructed'
                | 'camera_frozen'
                | 'gaze_off_exam'
                | 'reading_aside'
                | 'head_turned'
                | 'talking'
                | 'hand_with_object'
                | 'student_moved'
                | 'low_quality'
                | 'stream_gap'
                | 'answered_unobserved';
              sessions: number;
              observations: number;
              confirmed: number;
              dismissed: number;
              unsure: number;
              alerts: number;
              alerts_confirmed: number;
              alerts_dismissed: number;
              alerts_unsure: number;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readStudentHistory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        member_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The reports; none for an unknown student */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "student_id": "ada",
           *       "student_name": null,
           *       "reports": [
           *         {
           *           "exam_id": "physics",
           *           "exam_title": null,
           *           "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *           "student_id": "ada",
           *           "student_name": null,
           *           "version": 1,
           *           "rules_version": "3",
           *           "started_at": "2026-01-18T10:30:00.000Z",
           *           "ended_at": "2026-01-18T10:30:00.000Z",
           *           "risk": 0,
           *           "coverage": {
           *             "share": 0,
           *             "duration_s": 0,
           *             "observed_s": 0,
           *             "live_s": 0,
           *             "late_s": 0
           *           },
           *           "observations": {
           *             "phone_visible": 1
           *           },
           *           "alerts": 1,
           *           "violations": 0,
           *           "contests": 1,
           *           "review": {
           *             "status": "reviewed",
           *             "outcome": "follow_up",
           *             "by": "teacher",
           *             "at": "2026-01-18T10:30:00.000Z",
           *             "other_outcome": null,
           *             "other_by": null
           *           }
           *         }
           *       ],
           *       "has_more": false
           *     }
           */
          'application/json': {
            student_id: string;
            student_name: string | null;
            reports: {
              exam_id: string;
              exam_title: string | null;
              session_id: string;
              student_id: string | null;
              student_name: string | null;
              version: number;
              rules_version: string;
              started_at: string | null;
              ended_at: string | null;
              /** @description 0–100: the review priority */
              risk: number | null;
              coverage: {
                /** @description Observed live; in reports of rules before version 3, observed */
                share: number | null;
                duration_s: number;
                observed_s: number | null;
                live_s: number | null;
                late_s: number | null;
              } | null;
              /** @description Number of observations by type */
              observations: {
                [key: string]: number;
              };
              alerts: number;
              violations: number;
              contests: number;
              review: {
                /** @enum {string} */
                status: 'open' | 'second' | 'reviewed';
                outcome: ('nothing_to_follow_up' | 'follow_up' | 'inconclusive') | null;
                by: string | null;
                at: string | null;
                other_outcome: ('nothing_to_follow_up' | 'follow_up' | 'inconclusive') | null;
                other_by: string | null;
              };
            }[];
            /** @description Whether there are older reports than the 200 newest */
            has_more: boolean;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listExams: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The exams */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exams": []
           *     }
           */
          'application/json': {
            exams: components['schemas']['Exam'][];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createExam: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "total_questions": 3,
         *       "policy": {
         *         "breaks": true,
         *         "live_view": "thumbnails",
         *         "sentinel_pictures": false
         *       }
         *     }
         */
        'application/json': components['schemas']['NewExam'];
      };
    };
    responses: {
      /** @description The exam */
      201: {
        headers: {
          /** @description Path of the exam */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "title": null,
           *       "status": "SCHEDULED",
           *       "created_by": "teacher",
           *       "scheduled_at": null,
           *       "duration_minutes": null,
           *       "total_questions": 3,
           *       "policy": {
           *         "live_view": "thumbnails",
           *         "sentinel_pictures": false,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": false,
           *         "breaks": true,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": false,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "pin": "361899",
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": null,
           *       "started_at": null,
           *       "completed_at": null,
           *       "cancelled_at": null,
           *       "teachers": [
           *         "teacher"
           *       ]
           *     }
           */
          'application/json': {
            exam_id: string;
            title: string | null;
            /** @enum {string} */
            status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
            scheduled_at: string | null;
            duration_minutes: number | null;
            total_questions: number | null;
            policy: {
              /** @enum {string} */
              live_view: 'none' | 'numbers' | 'thumbnails';
              sentinel_pictures: boolean;
              /**
               * @default none
               * @enum {string}
               */
              evidence: 'none' | 'thumbnail';
              /** @default true */
              report_to_student: boolean;
              /** @default false */
              history: boolean;
              /** @default false */
              breaks: boolean;
              /** @default true */
              chat: boolean;
              /** @default {} */
              may_run_without: {
                /** @default false */
                camera: boolean;
                /** @default false */
                image_analysis: boolean;
                /** @default true */
                storage: boolean;
                /** @default true */
                lock: boolean;
              };
              /** @default false */
              phone_camera: boolean;
              /**
               * @default 1
               * @enum {number}
               */
              reviewers: 1 | 2;
              /** @default null */
              rules_version: string | null;
              /** @default null */
              webhook_url: string | null;
              /**
               * @default invigil
               * @enum {string}
               */
              webhook_format: 'invigil' | 'xapi';
              /** @default null */
              organiser: {
                name: string;
                /** @default null */
                contact: string | null;
                /** @default null */
                privacy_url: string | null;
              } | null;
              /** @default null */
              exam_url: string | null;
              /** @default null */
              safe_exam_browser: {
                /** @default [] */
                config_keys: string[];
                /** @default [] */
                browser_exam_keys: string[];
              } | null;
              /** @default {} */
              retention: {
                /** @default 30 */
                frames_days: number | null;
                /** @default 365 */
                reports_days: number | null;
              };
            };
            /** Format: date-time */
            created_at: string;
            opened_at: string | null;
            started_at: string | null;
            completed_at: string | null;
            cancelled_at: string | null;
            created_by: string | null;
            pin: string | null;
            teachers: string[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: ALREADY_EXISTS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The state */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "physics",
           *       "title": null,
           *       "status": "IN_PROGRESS",
           *       "scheduled_at": null,
           *       "duration_minutes": 90,
           *       "total_questions": null,
           *       "policy": {
           *         "live_view": "numbers",
           *         "sentinel_pictures": true,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": true,
           *         "breaks": true,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": true,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": "2026-01-18T10:30:00.000Z",
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "completed_at": null,
           *       "cancelled_at": null,
           *       "server_time": "2026-01-18T10:30:00.000Z",
           *       "connected_count": 0,
           *       "attempt": {
           *         "student_id": "ada",
           *         "student_name": "ada",
           *         "joined_at": null,
           *         "progress": {
           *           "passage_index": 0,
           *           "question_index": 0,
           *           "question_number": 1
           *         },
           *         "answers": [
           *           {
           *             "question_id": "q1",
           *             "question_number": 1,
           *             "answer": "C",
           *             "answered_at": "2026-01-18T10:30:00.000Z"
           *           }
           *         ],
           *         "highlights": [
           *           {
           *             "passage_id": "p1",
           *             "text": "a passage",
           *             "at": "2026-01-18T10:30:00.000Z"
           *           }
           *         ],
           *         "submission": {
           *           "submitted_at": "2026-01-18T10:30:00.000Z",
           *           "score": null,
           *           "time_taken_seconds": 0
           *         },
           *         "check": {
           *           "items": {
           *             "camera": "good"
           *           },
           *           "calibrated": true,
           *           "checked_at": "2026-01-18T10:30:00.000Z"
           *         },
           *         "extra_minutes": 10
           *       }
           *     }
           */
          'application/json': components['schemas']['ExamState'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "total_questions": 20
         *     }
         */
        'application/json': {
          title?: string | null;
          scheduled_at?: string | null;
          duration_minutes?: number | null;
          total_questions?: number | null;
          teachers?: string[];
          policy?: {
            /** @enum {string} */
            live_view?: 'none' | 'numbers' | 'thumbnails';
            sentinel_pictures?: boolean;
            /**
             * @default none
             * @enum {string}
             */
            evidence?: 'none' | 'thumbnail';
            /** @default true */
            report_to_student?: boolean;
            /** @default false */
            history?: boolean;
            /** @default false */
            breaks?: boolean;
            /** @default true */
            chat?: boolean;
            /** @default {} */
            may_run_without?: {
              /** @default false */
              camera?: boolean;
              /** @default false */
              image_analysis?: boolean;
              /** @default true */
              storage?: boolean;
              /** @default true */
              lock?: boolean;
            };
            /** @default false */
            phone_camera?: boolean;
            /**
             * @default 1
             * @enum {number}
             */
            reviewers?: 1 | 2;
            /** @default null */
            rules_version?: string | null;
            /** @default null */
            webhook_url?: string | null;
            /**
             * @default invigil
             * @enum {string}
             */
            webhook_format?: 'invigil' | 'xapi';
            /** @default null */
            organiser?: {
              name: string;
              /** @default null */
              contact?: string | null;
              /** @default null */
              privacy_url?: string | null;
            } | null;
            /** @default null */
            exam_url?: string | null;
            /** @default null */
            safe_exam_browser?: {
              /** @default [] */
              config_keys?: string[];
              /** @default [] */
              browser_exam_keys?: string[];
            } | null;
            /** @default {} */
            retention?: {
              /** @default 30 */
              frames_days?: number | null;
              /** @default 365 */
              reports_days?: number | null;
            };
          };
        };
      };
    };
    responses: {
      /** @description The exam */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "title": null,
           *       "status": "IN_PROGRESS",
           *       "created_by": "teacher",
           *       "scheduled_at": null,
           *       "duration_minutes": null,
           *       "total_questions": 20,
           *       "policy": {
           *         "live_view": "thumbnails",
           *         "sentinel_pictures": false,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": false,
           *         "breaks": true,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": false,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "pin": "361899",
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": "2026-01-18T10:30:00.000Z",
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "completed_at": null,
           *       "cancelled_at": null,
           *       "teachers": [
           *         "teacher"
           *       ]
           *     }
           */
          'application/json': {
            exam_id: string;
            title: string | null;
            /** @enum {string} */
            status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
            scheduled_at: string | null;
            duration_minutes: number | null;
            total_questions: number | null;
            policy: {
              /** @enum {string} */
              live_view: 'none' | 'numbers' | 'thumbnails';
              sentinel_pictures: boolean;
              /**
               * @default none
               * @enum {string}
               */
              evidence: 'none' | 'thumbnail';
              /** @default true */
              report_to_student: boolean;
              /** @default false */
              history: boolean;
              /** @default false */
              breaks: boolean;
              /** @default true */
              chat: boolean;
              /** @default {} */
              may_run_without: {
                /** @default false */
                camera: boolean;
                /** @default false */
                image_analysis: boolean;
                /** @default true */
                storage: boolean;
                /** @default true */
                lock: boolean;
              };
              /** @default false */
              phone_camera: boolean;
              /**
               * @default 1
               * @enum {number}
               */
              reviewers: 1 | 2;
              /** @default null */
              rules_version: string | null;
              /** @default null */
              webhook_url: string | null;
              /**
               * @default invigil
               * @enum {string}
               */
              webhook_format: 'invigil' | 'xapi';
              /** @default null */
              organiser: {
                name: string;
                /** @default null */
                contact: string | null;
                /** @default null */
                privacy_url: string | null;
              } | null;
              /** @default null */
              exam_url: string | null;
              /** @default null */
              safe_exam_browser: {
                /** @default [] */
                config_keys: string[];
                /** @default [] */
                browser_exam_keys: string[];
              } | null;
              /** @default {} */
              retention: {
                /** @default 30 */
                frames_days: number | null;
                /** @default 365 */
                reports_days: number | null;
              };
            };
            /** Format: date-time */
            created_at: string;
            opened_at: string | null;
            started_at: string | null;
            completed_at: string | null;
            cancelled_at: string | null;
            created_by: string | null;
            pin: string | null;
            teachers: string[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  enrolStudents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "students": [
         *         {
         *           "student_id": "ada"
         *         }
         *       ]
         *     }
         */
        'application/json': {
          students: {
            student_id: string;
            student_name?: string;
          }[];
        };
      };
    };
    responses: {
      /** @description The students are enrolled */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The exam */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "title": null,
           *       "status": "WAITING",
           *       "created_by": "teacher",
           *       "scheduled_at": null,
           *       "duration_minutes": null,
           *       "total_questions": 3,
           *       "policy": {
           *         "live_view": "thumbnails",
           *         "sentinel_pictures": false,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": false,
           *         "breaks": true,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": false,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "pin": "361899",
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": "2026-01-18T10:30:00.000Z",
           *       "started_at": null,
           *       "completed_at": null,
           *       "cancelled_at": null
           *     }
           */
          'application/json': components['schemas']['Exam'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The exam */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "title": null,
           *       "status": "IN_PROGRESS",
           *       "created_by": "teacher",
           *       "scheduled_at": null,
           *       "duration_minutes": null,
           *       "total_questions": 3,
           *       "policy": {
           *         "live_view": "thumbnails",
           *         "sentinel_pictures": false,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": false,
           *         "breaks": true,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": false,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "pin": "361899",
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": "2026-01-18T10:30:00.000Z",
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "completed_at": null,
           *       "cancelled_at": null
           *     }
           */
          'application/json': components['schemas']['Exam'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  completeExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The exam */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "title": null,
           *       "status": "COMPLETED",
           *       "created_by": "teacher",
           *       "scheduled_at": null,
           *       "duration_minutes": null,
           *       "total_questions": 20,
           *       "policy": {
           *         "live_view": "thumbnails",
           *         "sentinel_pictures": false,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": false,
           *         "breaks": true,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": false,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "pin": "361899",
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": "2026-01-18T10:30:00.000Z",
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "completed_at": "2026-01-18T10:30:00.000Z",
           *       "cancelled_at": null
           *     }
           */
          'application/json': components['schemas']['Exam'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The exam */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "dull",
           *       "title": null,
           *       "status": "CANCELLED",
           *       "created_by": "teacher",
           *       "scheduled_at": null,
           *       "duration_minutes": null,
           *       "total_questions": null,
           *       "policy": {
           *         "live_view": "numbers",
           *         "sentinel_pictures": true,
           *         "evidence": "none",
           *         "report_to_student": true,
           *         "history": false,
           *         "breaks": false,
           *         "chat": true,
           *         "may_run_without": {
           *           "camera": false,
           *           "image_analysis": false,
           *           "storage": true,
           *           "lock": true
           *         },
           *         "phone_camera": false,
           *         "reviewers": 1,
           *         "rules_version": null,
           *         "webhook_url": null,
           *         "webhook_format": "invigil",
           *         "organiser": null,
           *         "exam_url": null,
           *         "safe_exam_browser": null,
           *         "retention": {
           *           "frames_days": 30,
           *           "reports_days": 365
           *         }
           *       },
           *       "pin": "860825",
           *       "created_at": "2026-01-18T10:30:00.000Z",
           *       "opened_at": null,
           *       "started_at": null,
           *       "completed_at": null,
           *       "cancelled_at": "2026-01-18T10:30:00.000Z"
           *     }
           */
          'application/json': components['schemas']['Exam'];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAccommodations: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Students with accommodations, by id */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "students": [
           *         {
           *           "student_id": "ada",
           *           "accommodations": [
           *             {
           *               "name": "tics",
           *               "off": [
           *                 "head_turned"
           *               ],
           *               "longer": {}
           *             }
           *           ]
           *         }
           *       ]
           *     }
           */
          'application/json': {
            students: {
              student_id: string;
              accommodations: {
                name: string;
                /** @default [] */
                off: (
                  | 'face_absent'
                  | 'multiple_faces'
                  | 'phone_visible'
                  | 'looking_away'
                  | 'camera_obstructed'
                  | 'camera_frozen'
                  | 'gaze_off_exam'
                  | 'reading_aside'
                  | 'head_turned'
                  | 'talking'
                  | 'hand_with_object'
                  | 'student_moved'
                  | 'low_quality'
                  | 'stream_gap'
                  | 'answered_unobserved'
                )[];
                /** @default {} */
                longer: {
                  [key: string]: number;
                };
              }[];
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAccommodations: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
        /** @description An id */
        member_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Rules that are switched off, and rules with a longer minimum duration */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "accommodations": [
           *         {
           *           "name": "tics",
           *           "off": [
           *             "head_turned"
           *           ],
           *           "longer": {}
           *         }
           *       ]
           *     }
           */
          'application/json': {
            accommodations: {
              name: string;
              /** @default [] */
              off: (
                | 'face_absent'
                | 'multiple_faces'
                | 'phone_visible'
                | 'looking_away'
                | 'camera_obstructed'
                | 'camera_frozen'
                | 'gaze_off_exam'
                | 'reading_aside'
                | 'head_turned'
                | 'talking'
                | 'hand_with_object'
                | 'student_moved'
                | 'low_quality'
                | 'stream_gap'
                | 'answered_unobserved'
              )[];
              /** @default {} */
              longer: {
                [key: string]: number;
              };
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setAccommodations: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
        /** @description An id */
        member_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "accommodations": [
         *         {
         *           "name": "tics",
         *           "off": [
         *             "head_turned"
         *           ]
         *         }
         *       ]
         *     }
         */
        'application/json': {
          accommodations: {
            name: string;
            /** @default [] */
            off?: (
              | 'face_absent'
              | 'multiple_faces'
              | 'phone_visible'
              | 'looking_away'
              | 'camera_obstructed'
              | 'camera_frozen'
              | 'gaze_off_exam'
              | 'reading_aside'
              | 'head_turned'
              | 'talking'
              | 'hand_with_object'
              | 'student_moved'
              | 'low_quality'
              | 'stream_gap'
              | 'answered_unobserved'
            )[];
            /** @default {} */
            longer?: {
              [key: string]: number;
            };
          }[];
        };
      };
    };
    responses: {
      /** @description The current accommodations */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "accommodations": [
           *         {
           *           "name": "tics",
           *           "off": [
           *             "head_turned"
           *           ],
           *           "longer": {}
           *         }
           *       ]
           *     }
           */
          'application/json': {
            accommodations: {
              name: string;
              /** @default [] */
              off: (
                | 'face_absent'
                | 'multiple_faces'
                | 'phone_visible'
                | 'looking_away'
                | 'camera_obstructed'
                | 'camera_frozen'
                | 'gaze_off_exam'
                | 'reading_aside'
                | 'head_turned'
                | 'talking'
                | 'hand_with_object'
                | 'student_moved'
                | 'low_quality'
                | 'stream_gap'
                | 'answered_unobserved'
              )[];
              /** @default {} */
              longer: {
                [key: string]: number;
              };
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  reportProgress: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "passage_index": 0,
         *       "question_index": 0,
         *       "question_number": 1
         *     }
         */
        'application/json': {
          student_id?: string;
          passage_index: number;
          question_index: number;
          question_number: number;
        };
      };
    };
    responses: {
      /** @description Noted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  answerQuestion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "question_id": "q1",
         *       "question_number": 1,
         *       "answer": "B"
         *     }
         */
        'application/json': {
          chain?: string | null;
          student_id?: string;
          question_id: string;
          question_number: number;
          answer: string;
        };
      };
    };
    responses: {
      /** @description An earlier answer was replaced */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "question_id": "q1",
           *       "is_update": true
           *     }
           */
          'application/json': {
            question_id: string;
            is_update: boolean;
          };
        };
      };
      /** @description The first answer to this question */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "question_id": "q1",
           *       "is_update": false
           *     }
           */
          'application/json': {
            question_id: string;
            is_update: boolean;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  highlightText: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "passage_id": "p1",
         *       "text": "a passage"
         *     }
         */
        'application/json': {
          student_id?: string;
          passage_id: string;
          text: string;
        };
      };
    };
    responses: {
      /** @description Kept */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  reportViolation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "violation_type": "TAB_SWITCH"
         *     }
         */
        'application/json': {
          student_id?: string;
          /** @enum {string} */
          violation_type:
            | 'TAB_SWITCH'
            | 'WINDOW_BLUR'
            | 'COPY_ATTEMPT'
            | 'PASTE_ATTEMPT'
            | 'RIGHT_CLICK'
            | 'DEV_TOOLS'
            | 'FULL_SCREEN_EXIT'
            | 'SECOND_SCREEN';
        };
      };
    };
    responses: {
      /** @description Not counted: one of this type was counted within the last second */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "recorded": false,
           *       "total_count": 1
           *     }
           */
          'application/json': {
            recorded: boolean;
            total_count: number;
          };
        };
      };
      /** @description Counted */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "recorded": true,
           *       "total_count": 1
           *     }
           */
          'application/json': {
            recorded: boolean;
            total_count: number;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  submitExam: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /** @example {} */
        'application/json': {
          chain?: string | null;
          student_id?: string;
          score?: number;
        };
      };
    };
    responses: {
      /** @description The submission */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "submitted_at": "2026-01-18T10:30:00.000Z",
           *       "score": null,
           *       "time_taken_seconds": 1
           *     }
           */
          'application/json': {
            /** Format: date-time */
            submitted_at: string;
            score: number | null;
            time_taken_seconds: number;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeStudent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
        /** @description An id */
        student_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Removed */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  giveExtraTime: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "minutes": 10,
         *       "student_ids": [
         *         "ada"
         *       ]
         *     }
         */
        'application/json': {
          minutes: number;
          request_id?: string;
          student_ids?: string[];
        };
      };
    };
    responses: {
      /** @description How many students got it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "students": 1
           *     }
           */
          'application/json': {
            students: number;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  messageStudents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "text": "Ten minutes left."
         *     }
         */
        'application/json': {
          text: string;
          student_ids?: string[];
        };
      };
    };
    responses: {
      /** @description The number of sessions that it is sent to */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "sessions": 1
           *     }
           */
          'application/json': {
            sessions: number;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getExamNotice: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The notice */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exam_id": "physics",
           *       "title": null,
           *       "status": "IN_PROGRESS",
           *       "scheduled_at": null,
           *       "duration_minutes": 90,
           *       "total_questions": null,
           *       "started_at": "2026-01-18T10:30:00.000Z",
           *       "ends_at": "2026-01-18T10:30:00.000Z",
           *       "extra_minutes": 10,
           *       "server_time": "2026-01-18T10:30:00.000Z",
           *       "exam_url": null,
           *       "safe_exam_browser": null,
           *       "has_assessment": false,
           *       "organiser": null,
           *       "images": {
           *         "while_watched": false,
           *         "with_alerts": false
           *       },
           *       "proctor_sees_numbers": true,
           *       "breaks": true,
           *       "chat": true,
           *       "phone_camera": true,
           *       "report_to_student": true,
           *       "history": true,
           *       "retention": {
           *         "frames_days": 30,
           *         "reports_days": 365
           *       }
           *     }
           */
          'application/json': {
            exam_id: string;
            title: string | null;
            /** @enum {string} */
            status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
            scheduled_at: string | null;
            duration_minutes: number | null;
            total_questions: number | null;
            started_at: string | null;
            ends_at: string | null;
            extra_minutes: number;
            /** Format: date-time */
            server_time: string;
            exam_url: string | null;
            safe_exam_browser: {
              configuration: string;
              quit: string;
            } | null;
            has_assessment: boolean;
            organiser: {
              name: string;
              contact: string | null;
              privacy_url: string | null;
            } | null;
            images: {
              while_watched: boolean;
              with_alerts: boolean;
            };
            proctor_sees_numbers: boolean;
            breaks: boolean;
            chat: boolean;
            phone_camera: boolean;
            report_to_student: boolean;
            history: boolean;
            retention: {
              frames_days: number | null;
              reports_days: number | null;
            };
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSafeExamBrowserConfiguration: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The configuration */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/seb': string;
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listExamLinks: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The links */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "links": [
           *         {
           *           "student_id": "ada",
           *           "student_name": "ada",
           *           "created_at": "2026-01-18T10:30:00.000Z",
           *           "expires_at": "2026-01-18T10:30:00.000Z",
           *           "revoked_at": null,
           *           "created_by": "teacher",
           *           "first_used_at": null,
           *           "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl",
           *           "path": "/?exam=physics#link=eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl"
           *         }
           *       ]
           *     }
           */
          'application/json': {
            links: {
              student_id: string;
              student_name: string;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string;
              revoked_at: string | null;
              created_by: string | null;
              first_used_at: string | null;
              token: string | null;
              path: string | null;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createExamLinks: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /** @example {} */
        'application/json': {
          student_ids?: string[];
          /** @default 30 */
          valid_days?: number;
        };
      };
    };
    responses: {
      /** @description All links of the exam */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "links": [
           *         {
           *           "student_id": "ada",
           *           "student_name": "ada",
           *           "created_at": "2026-01-18T10:30:00.000Z",
           *           "expires_at": "2026-01-18T10:30:00.000Z",
           *           "revoked_at": null,
           *           "created_by": "teacher",
           *           "first_used_at": null,
           *           "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl",
           *           "path": "/?exam=physics#link=eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl"
           *         }
           *       ]
           *     }
           */
          'application/json': {
            links: {
              student_id: string;
              student_name: string;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string;
              revoked_at: string | null;
              created_by: string | null;
              first_used_at: string | null;
              token: string | null;
              path: string | null;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeExamLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
        /** @description An id */
        student_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveExamCheck: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "items": {
         *         "camera": "good"
         *       },
         *       "calibrated": true
         *     }
         */
        'application/json': {
          student_id?: string;
          items: {
            [key: string]: 'good' | 'attention' | 'unknown';
          };
          calibrated: boolean;
        };
      };
    };
    responses: {
      /** @description Recorded */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "checked_at": "2026-01-18T10:30:00.000Z"
           *     }
           */
          'application/json': {
            /** Format: date-time */
            checked_at: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  askExamTeachers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "kind": "help"
         *     }
         */
        'application/json': {
          student_id?: string;
          /** @enum {string} */
          kind: 'help' | 'erasure';
          /** @default null */
          text?: string | null;
        };
      };
    };
    responses: {
      /** @description Recorded */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "request_id": "550e8400-e29b-41d4-a716-446655440000",
           *       "at": "2026-01-18T10:30:00.000Z"
           *     }
           */
          'application/json': {
            request_id: string;
            /** Format: date-time */
            at: string;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  finishStudentRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        exam_id: string;
        /** @description An id */
        request_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Marked */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAgents: {
    parameters: {
      query?: {
        /** @description The last known id; the page starts after it */
        sequence_id?: string;
        /** @description Page size, 1–1000 */
        limit?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        classroom_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In the order of `sequence_id` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /** @example [] */
          'application/json': {
            id: string;
            sequence_id: number;
          }[];
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  countAgents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "classroom_ids": [
         *         "physics"
         *       ]
         *     }
         */
        'application/json': {
          classroom_ids: string[];
        };
      };
    };
    responses: {
      /** @description By classroom */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "physics": 0
           *     }
           */
          'application/json': {
            [key: string]: number;
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload Too Large: MESSAGE_TOO_BIG */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAlertConnections: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The connections */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "total_connections": 0,
           *       "connections": []
           *     }
           */
          'application/json': {
            total_connections: number;
            connections: {
              user_id: string;
              connected: boolean;
              uptime_seconds: number;
              /** Format: date-time */
              last_heartbeat: string;
              seconds_since_heartbeat: number;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportStudent: {
    parameters: {
      query?: {
        /** @description Only this exam’s data; required with a personal link */
        exam_id?: string;
      };
      header?: never;
      path: {
        /** @description An id */
        member_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One JSON object, as a download */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "format": "invigil-export/1",
           *       "member_id": "ada",
           *       "exported_at": "2026-01-18T10:30:00.000Z",
           *       "records": {
           *         "exam_analyses": [
           *           {
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "version": 1,
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "rules_version": "3",
           *             "report": "{\"session\":{\"session_id\":\"550e8400-e29b-41d4-a716-446655440000\",\"exam_id\":\"physics\",\"member_id\":\"ada\",\"status\":\"ended\",\"started_at\":\"2026-01-18T10:30:00.000Z\",\"ended_at\":\"2026-01-18T10:30:00.000Z\"},\"rules_version\":\"3\",\"rules\":[{\"type\":\"face_absent\",\"watched_s\":0.078},{\"type\":\"multiple_faces\",\"watched_s\":0.078},{\"type\":\"phone_visible\",\"watched_s\":0},{\"type\":\"looking_away\",\"watched_s\":0},{\"type\":\"camera_obstructed\",\"watched_s\":0},{\"type\":\"camera_frozen\",\"watched_s\":0},{\"type\":\"gaze_off_exam\",\"watched_s\":0},{\"type\":\"reading_aside\",\"watched_s\":0},{\"type\":\"talking\",\"watched_s\":0},{\"type\":\"hand_with_object\",\"watched_s\":0},{\"type\":\"student_moved\",\"watched_s\":0},{\"type\":\"low_quality\",\"watched_s\":0.078}],\"accommodations\":[\"tics\"],\"usual\":{\"head_yaw\":null,\"head_pitch\":null,\"face_x\":null,\"face_y\":null,\"face_w\":null,\"mouth_moving\":null,\"gaze_aside\":null,\"gaze_off_exam\":null},\"coverage\":{\"from_ms\":1795924855958,\"to_ms\":1795924855958,\"duration_s\":0,\"observed_s\":0,\"share\":0,\"live_s\":0,\"late_s\":0,\"live_share\":0,\"not_observed_s\":{},\"gaps\":[],\"gaps_not_listed\":0,\"late\":[]},\"observations\":[],\"violations\":{\"total\":0,\"by_type\":{},\"list\":[],\"not_listed\":0},\"totals\":{},\"risk\":{\"value\":0,\"weights_version\":\"2\",\"contributions\":[],\"sum_of_points\":0,\"capped_at\":0,\"cap_reason\":\"only 0 % of the session was observed, less than 50 %\"},\"integrity\":{\"frames\":6,\"frames_lost\":0,\"losses\":{},\"chain\":\"a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3\",\"chained\":{\"links\":1,\"confirmed_links\":0,\"frames\":5,\"unchained_frames\":1},\"received\":\"a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3\",\"out_of_order\":0,\"outside_session\":5,\"late_unexplained\":0,\"constant_readings_s\":0,\"repeated_readings_s\":0,\"nearly_constant_readings_s\":0},\"alerts\":[],\"work\":{\"questions\":[{\"question_id\":\"q1\",\"question_number\":1,\"answered_at\":\"2026-01-18T10:30:00.000Z\",\"duration_s\":0,\"live_s\":0,\"late_s\":0,\"observed\":false,\"chain\":null}],\"handed_in_at\":\"2026-01-18T10:30:00.000Z\",\"hand_in_chain\":null,\"unobserved_answers\":1,\"unobserved_hand_in\":true,\"note\":\"answered 1 question and handed in while not observed\"},\"other_sessions\":[],\"review\":{\"status\":\"open\",\"outcome\":null,\"by\":null,\"at\":null,\"notes\":null,\"observations\":[],\"contests\":[]}}",
           *             "dump_file": "/var/lib/invigil/dumps/550e8400-e29b-41d4-a716-446655440000_frames.json",
           *             "created_at": "2026-01-18T10:30:00.000Z"
           *           }
           *         ],
           *         "report_summaries": [
           *           {
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "version": 1,
           *             "rules_version": "3",
           *             "started_at": "2026-01-18T10:30:00.000Z",
           *             "ended_at": "2026-01-18T10:30:00.000Z",
           *             "risk": 0,
           *             "duration_s": 0,
           *             "observed_s": 0,
           *             "live_s": 0,
           *             "late_s": 0,
           *             "coverage_share": 0,
           *             "observations": 0,
           *             "violations": 0,
           *             "contests": 0,
           *             "outcome": "nothing_to_follow_up",
           *             "outcome_by": "admin",
           *             "outcome_at": "2026-01-18T10:30:00.000Z",
           *             "other_outcome": null,
           *             "other_by": null
           *           }
           *         ],
           *         "report_types": [
           *           {
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "type": "phone_visible",
           *             "exam_id": "physics",
           *             "rules_version": "3",
           *             "observations": 1,
           *             "seconds": 9.8,
           *             "confirmed": 1,
           *             "dismissed": 0,
           *             "unsure": 0,
           *             "alerts": 1,
           *             "alerts_confirmed": 1,
           *             "alerts_dismissed": 0,
           *             "alerts_unsure": 0
           *           }
           *         ],
           *         "receipts": [
           *           {
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "version": 1,
           *             "day": "2026-11-29",
           *             "receipt": "{\"format\":\"invigil-receipt/1\",\"session_id\":\"550e8400-e29b-41d4-a716-446655440000\",\"version\":1,\"frames\":6,\"chain\":\"a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3\",\"received\":\"a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3\",\"report_sha256\":\"a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3\",\"previous\":null,\"signed_at\":\"2026-01-18T10:30:00.000Z\",\"key_id\":\"b0854e160766d94f\",\"signature\":\"QXa3gWtlg8uRf9swOJk3IStEc6LGNvpPaPo4T23TnBpdEkaUe0tW34qhr4fa362oQhSb5CWdUbZcN7xlhlffDw\"}"
           *           }
           *         ],
           *         "review_entries": [
           *           {
           *             "entry_id": 5,
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "at": "2026-01-18T10:30:00.000Z",
           *             "actor": "admin",
           *             "kind": "outcome",
           *             "observation_id": null,
           *             "value": "nothing_to_follow_up",
           *             "note": null
           *           }
           *         ],
           *         "alerts": [
           *           {
           *             "alert_id": "550e8400-e29b-41d4-a716-446655440000:phone_visible-100",
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "observation": "{\"id\":\"phone_visible-100\",\"type\":\"phone_visible\",\"from_ms\":1767603620000,\"to_ms\":1767603629800,\"confidence\":0.6,\"measured\":{\"phone_conf\":60},\"evidence\":{\"first\":\"100\",\"strongest\":\"100\",\"last\":\"149\"},\"frames\":50}",
           *             "raised_at": "2026-01-18T10:30:00.000Z",
           *             "escalate_at": "2026-01-18T10:30:00.000Z",
           *             "escalated_at": null,
           *             "acknowledged_by": null,
           *             "acknowledged_at": null,
           *             "outcome": null,
           *             "note": null,
           *             "ended_after_ms": 9800
           *           }
           *         ],
           *         "webhook_deliveries": [
           *           {
           *             "delivery_id": "msg_b004e52793a8c3db91abb017e1324615",
           *             "event": "session.started",
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": "physics",
           *             "url": "http://proctor.example.edu/hook",
           *             "is_public_only": 0,
           *             "body": "{\"type\":\"session.started\",\"timestamp\":\"2026-01-18T10:30:00.000Z\",\"data\":{\"session_id\":\"550e8400-e29b-41d4-a716-446655440000\",\"exam_id\":\"physics\",\"member_id\":\"ada\",\"started_at\":\"2026-01-18T10:30:00.000Z\"}}",
           *             "created_at": "2026-01-18T10:30:00.000Z",
           *             "status": "delivered",
           *             "attempts": 1,
           *             "next_attempt_at": "2026-01-18T10:30:00.000Z",
           *             "last_status": 204,
           *             "last_error": null,
           *             "delivered_at": "2026-01-18T10:30:00.000Z",
           *             "format": "invigil"
           *           }
           *         ],
           *         "camera_links": [
           *           {
           *             "link_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "code_hash": "IKKb9cdhlqVNeSjirZRr4CPc3lkbXMVxsYnoYRW3eug",
           *             "created_at": "2026-01-18T10:30:00.000Z",
           *             "expires_at": "2026-01-18T10:30:00.000Z",
           *             "used_at": "2026-01-18T10:30:00.000Z",
           *             "connected_at": null,
           *             "seen_at": null,
           *             "ended_at": null
           *           }
           *         ],
           *         "accommodations": [
           *           {
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "accommodations": "[{\"name\":\"tics\",\"off\":[\"head_turned\"],\"longer\":{}}]",
           *             "updated_at": "2026-01-18T10:30:00.000Z"
           *           }
           *         ],
           *         "exam_answers": [
           *           {
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "question_id": "q1",
           *             "question_number": 1,
           *             "answer": "C",
           *             "updates": 1,
           *             "answered_at": "2026-01-18T10:30:00.000Z",
           *             "chain": null,
           *             "unobserved_at": null
           *           }
           *         ],
           *         "exam_highlights": [
           *           {
           *             "highlight_id": 1,
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "at": "2026-01-18T10:30:00.000Z",
           *             "passage_id": "p1",
           *             "text": "a passage"
           *           }
           *         ],
           *         "exam_violations": [
           *           {
           *             "violation_id": 1,
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "at": "2026-01-18T10:30:00.000Z",
           *             "violation_type": "TAB_SWITCH",
           *             "source": "request",
           *             "counterpart_at": null
           *           }
           *         ],
           *         "exam_violation_counts": [
           *           {
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "violation_type": "TAB_SWITCH",
           *             "violations": 1,
           *             "last_at": "2026-01-18T10:30:00.000Z",
           *             "sent_at": "2026-01-18T10:30:00.000Z"
           *           }
           *         ],
           *         "exam_links": [
           *           {
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "link_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "created_at": "2026-01-18T10:30:00.000Z",
           *             "expires_at": "2026-01-18T10:30:00.000Z",
           *             "revoked_at": "2026-01-18T10:30:00.000Z",
           *             "created_by": "teacher",
           *             "first_used_at": null
           *           }
           *         ],
           *         "student_requests": [
           *           {
           *             "request_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "kind": "help",
           *             "text": "I need more paper.",
           *             "at": "2026-01-18T10:30:00.000Z",
           *             "done_at": "2026-01-18T10:30:00.000Z",
           *             "done_by": "teacher"
           *           }
           *         ],
           *         "exam_students": [
           *           {
           *             "exam_id": "physics",
           *             "student_id": "ada",
           *             "student_name": null,
           *             "enrolled_at": "2026-01-18T10:30:00.000Z",
           *             "joined_at": "2026-01-18T10:30:00.000Z",
           *             "passage_index": 0,
           *             "question_index": 0,
           *             "question_number": 1,
           *             "progress_at": "2026-01-18T10:30:00.000Z",
           *             "progress_sent_at": "2026-01-18T10:30:00.000Z",
           *             "submitted_at": "2026-01-18T10:30:00.000Z",
           *             "score": null,
           *             "time_taken_seconds": 0,
           *             "submitted_chain": null,
           *             "checked_at": "2026-01-18T10:30:00.000Z",
           *             "check_results": "{\"items\":{\"camera\":\"good\"},\"calibrated\":true}",
           *             "extra_minutes": 10
           *           }
           *         ],
           *         "agent_session_history": [
           *           {
           *             "sequence_id": 1,
           *             "classroom_id": "physics",
           *             "agent_id": "session.ada",
           *             "started_at": "2026-01-18T10:30:00.000Z",
           *             "ended_at": "2026-01-18T10:30:00.000Z",
           *             "user_id": "ada"
           *           }
           *         ],
           *         "sessions": [
           *           {
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "status": "ended",
           *             "started_at": "2026-01-18T10:30:00.000Z",
           *             "ended_at": "2026-01-18T10:30:00.000Z",
           *             "end_claim": null,
           *             "end_claim_until": null,
           *             "frames_cleared_at": "2026-01-18T10:30:00.000Z",
           *             "frames_stored": 0,
           *             "frames_head": null,
           *             "is_current": null,
           *             "frames_nonce": null,
           *             "frames_gone": 0,
           *             "browser_verified_at": null
           *           }
           *         ],
           *         "audit": [
           *           {
           *             "audit_id": 16,
           *             "at": "2026-01-18T10:30:00.000Z",
           *             "actor": "admin",
           *             "action": "session.started",
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": null,
           *             "detail": null
           *           }
           *         ]
           *       },
           *       "dumps": [
           *         {
           *           "format": "invigil-frames/2",
           *           "session": {
           *             "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *             "exam_id": "physics",
           *             "member_id": "ada",
           *             "status": "ended",
           *             "started_at": "2026-01-18T10:30:00.000Z",
           *             "ended_at": "2026-01-18T10:30:00.000Z"
           *           },
           *           "rules": {
           *             "version": "3",
           *             "accommodations": [
           *               {
           *                 "name": "tics",
           *                 "off": [
           *                   "head_turned"
           *                 ],
           *                 "longer": {}
           *               }
           *             ]
           *           },
           *           "losses": {},
           *           "chain": {
           *             "nonce": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *             "head": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *             "links": 1,
           *             "confirmed": 0,
           *             "frames": 5
           *           },
           *           "end_ms": 1795924857192,
           *           "context": {
           *             "breaks_allowed": true,
           *             "handed_in_at": "2026-01-18T10:30:00.000Z",
           *             "hand_in_chain": null,
           *             "exam_over_at": null,
           *             "answers": [
           *               {
           *                 "question_id": "q1",
           *                 "question_number": 1,
           *                 "at": "2026-01-18T10:30:00.000Z",
           *                 "chain": null,
           *                 "unobserved_at": null
           *               }
           *             ],
           *             "alerts": [],
           *             "other_sessions": [],
           *             "frames_missing": 0
           *           },
           *           "frames": [
           *             {
           *               "seq": 0,
           *               "timestamp": 1767603600000,
           *               "face_present": 1,
           *               "no_of_face": 1,
           *               "head_yaw": 0.01,
           *               "head_pitch": 0.02,
           *               "frame_id": "0",
           *               "received_at": 1795924856137
           *             }
           *           ],
           *           "links": [
           *             {
           *               "link": "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3",
           *               "seqs": [
           *                 [
           *                   0,
           *                   4
           *                 ]
           *               ],
           *               "confirmed": false
           *             }
           *           ],
           *           "folded": null
           *         }
           *       ],
           *       "running": {}
           *     }
           */
          'application/json': {
            /** @constant */
            format: 'invigil-export/1';
            member_id: string;
            exam_id?: string;
            /** Format: date-time */
            exported_at: string;
            /** @description Rows by table */
            records: {
              [key: string]: {
                [key: string]: unknown;
              }[];
            };
            /** @description Dumps of ended sessions */
            dumps: {
              [key: string]: unknown;
            }[];
            /** @description Frames of running sessions, by session */
            running: {
              [key: string]: {
                [key: string]: unknown;
              }[];
            };
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  eraseStudent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An id */
        member_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Number of erased items */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "sessions": 1,
           *       "rows": {
           *         "exam_analyses": 1,
           *         "report_summaries": 1,
           *         "report_types": 1,
           *         "receipts": 1,
           *         "review_entries": 4,
           *         "alerts": 1,
           *         "webhook_deliveries": 7,
           *         "sessions": 1,
           *         "accommodations": 1,
           *         "exam_answers": 1,
           *         "exam_highlights": 1,
           *         "exam_violations": 1,
           *         "exam_violation_counts": 1,
           *         "exam_links": 1,
           *         "student_requests": 1,
           *         "exam_students": 1,
           *         "agent_session_history": 2
           *       }
           *     }
           */
          'application/json': {
            sessions: number;
            rows: {
              [key: string]: number;
            };
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflict: WRONG_STATUS */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeliveries: {
    parameters: {
      query?: {
        /** @description Only deliveries with this status */
        status?: 'pending' | 'delivered' | 'failed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The newest 200 */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "deliveries": [
           *         {
           *           "id": "msg_1fe3169d1c1370f769d87f50ab9a1ef8",
           *           "event": "review.recorded",
           *           "session_id": "550e8400-e29b-41d4-a716-446655440000",
           *           "exam_id": "physics",
           *           "url": "http://proctor.example.edu/hook",
           *           "format": "invigil",
           *           "status": "delivered",
           *           "attempts": 1,
           *           "created_at": "2026-01-18T10:30:00.000Z",
           *           "delivered_at": "2026-01-18T10:30:00.000Z",
           *           "next_attempt_at": null,
           *           "last_status": 204,
           *           "last_error": null
           *         }
           *       ]
           *     }
           */
          'application/json': {
            deliveries: {
              id: string;
              /** @enum {string} */
              event: 'session.started' | 'alert.raised' | 'session.ended' | 'report.created' | 'review.recorded';
              session_id: string | null;
              exam_id: string | null;
              /** @description Without a user name and password */
              url: string;
              /** @enum {string} */
              format: 'invigil' | 'xapi';
              /** @enum {string} */
              status: 'pending' | 'delivered' | 'failed';
              attempts: number;
              /** Format: date-time */
              created_at: string;
              delivered_at: string | null;
              next_attempt_at: string | null;
              last_status: number | null;
              last_error: string | null;
            }[];
          };
        };
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of a delivery */
        delivery_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery is queued again */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: INVALID_MESSAGE, BAD_JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unauthorized: AUTH_FAILED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not Found: NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too Many Requests: RATE_EXCEEDED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Service Unavailable: STORE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All parts work */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "version": "0.1.0",
           *       "parts": {
           *         "frames": "ok",
           *         "records": "ok",
           *         "bus": "ok"
           *       },
           *       "retention_ran_at": "2026-01-18T10:30:00.000Z",
           *       "retention_stopped": null,
           *       "archive_failing_since": null
           *     }
           */
          'application/json': {
            /** @enum {string} */
            status: 'ok' | 'unavailable';
            version: string;
            /** @description `ok`, or what is wrong, by part */
            parts: {
              [key: string]: string;
            };
            /** @description When retention last completed */
            retention_ran_at: string | null;
            /** @description Since when frames cannot move to the archive; null if they can */
            archive_failing_since: string | null;
            /** @description Why nothing is purged; null while the clock is trusted */
            retention_stopped: string | null;
          };
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A part does not work */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'ok' | 'unavailable';
            version: string;
            /** @description `ok`, or what is wrong, by part */
            parts: {
              [key: string]: string;
            };
            /** @description When retention last completed */
            retention_ran_at: string | null;
            /** @description Since when frames cannot move to the archive; null if they can */
            archive_failing_since: string | null;
            /** @description Why nothing is purged; null while the clock is trusted */
            retention_stopped: string | null;
          };
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Ready */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ready"
           *     }
           */
          'application/json': {
            /** @enum {string} */
            status: 'ready' | 'closing' | 'unavailable';
          };
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Stopping, or a part does not work */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'ready' | 'closing' | 'unavailable';
          };
        };
      };
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Get metrics for Prometheus */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportSchema: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Get the JSON Schema of the report */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/schema+json': Record<string, never>;
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReceiptKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All keys, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "keys": [
           *         {
           *           "key_id": "b0854e160766d94f",
           *           "public_key": "MCowBQYDK2VwAyEAQDVLn_ervEBdC9-8iAd1HsqxPgVoThCn_zIJwcbAahA",
           *           "created_at": "2026-01-18T10:30:00.000Z"
           *         }
           *       ]
           *     }
           */
          'application/json': {
            keys: {
              key_id: string;
              public_key: string;
              created_at: string;
            }[];
          };
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReceiptRoots: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The roots */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "roots": []
           *     }
           */
          'application/json': {
            roots: {
              /** @constant */
              format: 'invigil-root/1';
              day: string;
              receipts: number;
              root: string;
              key_id: string;
              signature: string;
            }[];
          };
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOpenapi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Get this description */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAsyncapi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Get the description of the WebSocket channels */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description View both descriptions as a page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description Forbidden: ACCESS_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Internal Server Error: INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
