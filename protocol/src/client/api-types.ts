// Made from /openapi.json by `npm run api`. Change the schemas that it is made from instead.

export type Features = {
  face_present?: 0 | 1 | null;
  no_of_face?: number | null;
  face_x?: number | null;
  face_y?: number | null;
  face_w?: number | null;
  face_h?: number | null;
  face_conf?: number | null;
  head_yaw?: number | null;
  head_pitch?: number | null;
  head_roll?: number | null;
  head_pose?: 'forward' | 'left' | 'right' | 'up' | 'down' | null;
  gaze_on_script?: 0 | 1 | null;
  gaze_direction?:
    | 'top_left'
    | 'top'
    | 'top_right'
    | 'left'
    | 'center'
    | 'right'
    | 'bottom_left'
    | 'bottom'
    | 'bottom_right'
    | null;
  gazePoint_x?: number | null;
  gazePoint_y?: number | null;
  phone_present?: 0 | 1 | null;
  phone_conf?: number | null;
  hand_count?: number | null;
  gaze_drift_x?: number | null;
  gaze_drift_y?: number | null;
  calibration?: {
    state: 'calibrated' | 'too_poor' | 'drifted';
    at: number;
    error_px?: number | null;
    error_deg?: number | null;
    targets?: number | null;
    samples?: number | null;
    viewport_width?: number | null;
    viewport_height?: number | null;
    head_yaw?: number | null;
    head_pitch?: number | null;
    head_x_cm?: number | null;
    head_y_cm?: number | null;
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
  hand_side?: 'left' | 'right' | null;
  hand_near_face?: 0 | 1 | null;
  hand_holding_object?: 0 | 1 | null;
  still_faces?: number | null;
  eye_open_left?: number | null;
  eye_open_right?: number | null;
  blink_rate_per_min?: number | null;
  mouth_open?: number | null;
  mouth_moving?: 0 | 1 | null;
  image_brightness?: number | null;
  image_contrast?: number | null;
  image_sharpness?: number | null;
  image_obstructed?: 0 | 1 | null;
  image_frozen?: 0 | 1 | null;
  image_frozen_for_ms?: number | null;
  image_replayed?: 0 | 1 | null;
  image_width?: number | null;
  image_height?: number | null;
  virtual_camera_hint?: 0 | 1 | null;
  camera_count?: number | null;
  page_hidden?: 0 | 1 | null;
  page_violations?:
    | {
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
  engine_backend?: 'wasm' | 'webgl' | 'webgpu' | 'cpu' | null;
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
  engine_budget_hint?: 'battery' | 'pressure' | null;
  clock_corrected_ms?: number | null;
  not_observed?:
    | 'camera_starting'
    | 'camera_lost'
    | 'worker_restarted'
    | 'paused'
    | 'obstructed'
    | 'frozen'
    | 'too_dark'
    | 'too_bright'
    | 'blurred'
    | 'face_too_small'
    | 'face_cut_off'
    | 'head_turned'
    | 'eyes_closed'
    | 'no_face'
    | 'not_due'
    | 'not_calibrated'
    | 'model_missing'
    | 'detector_failed'
    | null;
  unknown?: Partial<
    Record<
      'face' | 'head' | 'gaze' | 'eyes' | 'mouth' | 'phone' | 'hands' | 'quality',
      | 'camera_starting'
      | 'camera_lost'
      | 'worker_restarted'
      | 'paused'
      | 'obstructed'
      | 'frozen'
      | 'too_dark'
      | 'too_bright'
      | 'blurred'
      | 'face_too_small'
      | 'face_cut_off'
      | 'head_turned'
      | 'eyes_closed'
      | 'no_face'
      | 'not_due'
      | 'not_calibrated'
      | 'model_missing'
      | 'detector_failed'
    >
  > | null;
  timestamp?: number | string;
};

export type FeatureFrame = {
  seq: number;
  timestamp: number | string;
  face_present?: 0 | 1 | null;
  no_of_face?: number | null;
  face_x?: number | null;
  face_y?: number | null;
  face_w?: number | null;
  face_h?: number | null;
  face_conf?: number | null;
  head_yaw?: number | null;
  head_pitch?: number | null;
  head_roll?: number | null;
  head_pose?: 'forward' | 'left' | 'right' | 'up' | 'down' | null;
  gaze_on_script?: 0 | 1 | null;
  gaze_direction?:
    | 'top_left'
    | 'top'
    | 'top_right'
    | 'left'
    | 'center'
    | 'right'
    | 'bottom_left'
    | 'bottom'
    | 'bottom_right'
    | null;
  gazePoint_x?: number | null;
  gazePoint_y?: number | null;
  phone_present?: 0 | 1 | null;
  phone_conf?: number | null;
  hand_count?: number | null;
  gaze_drift_x?: number | null;
  gaze_drift_y?: number | null;
  calibration?: {
    state: 'calibrated' | 'too_poor' | 'drifted';
    at: number;
    error_px?: number | null;
    error_deg?: number | null;
    targets?: number | null;
    samples?: number | null;
    viewport_width?: number | null;
    viewport_height?: number | null;
    head_yaw?: number | null;
    head_pitch?: number | null;
    head_x_cm?: number | null;
    head_y_cm?: number | null;
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
  hand_side?: 'left' | 'right' | null;
  hand_near_face?: 0 | 1 | null;
  hand_holding_object?: 0 | 1 | null;
  still_faces?: number | null;
  eye_open_left?: number | null;
  eye_open_right?: number | null;
  blink_rate_per_min?: number | null;
  mouth_open?: number | null;
  mouth_moving?: 0 | 1 | null;
  image_brightness?: number | null;
  image_contrast?: number | null;
  image_sharpness?: number | null;
  image_obstructed?: 0 | 1 | null;
  image_frozen?: 0 | 1 | null;
  image_frozen_for_ms?: number | null;
  image_replayed?: 0 | 1 | null;
  image_width?: number | null;
  image_height?: number | null;
  virtual_camera_hint?: 0 | 1 | null;
  camera_count?: number | null;
  page_hidden?: 0 | 1 | null;
  page_violations?:
    | {
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
  engine_backend?: 'wasm' | 'webgl' | 'webgpu' | 'cpu' | null;
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
  engine_budget_hint?: 'battery' | 'pressure' | null;
  clock_corrected_ms?: number | null;
  not_observed?:
    | 'camera_starting'
    | 'camera_lost'
    | 'worker_restarted'
    | 'paused'
    | 'obstructed'
    | 'frozen'
    | 'too_dark'
    | 'too_bright'
    | 'blurred'
    | 'face_too_small'
    | 'face_cut_off'
    | 'head_turned'
    | 'eyes_closed'
    | 'no_face'
    | 'not_due'
    | 'not_calibrated'
    | 'model_missing'
    | 'detector_failed'
    | null;
  unknown?: Partial<
    Record<
      'face' | 'head' | 'gaze' | 'eyes' | 'mouth' | 'phone' | 'hands' | 'quality',
      | 'camera_starting'
      | 'camera_lost'
      | 'worker_restarted'
      | 'paused'
      | 'obstructed'
      | 'frozen'
      | 'too_dark'
      | 'too_bright'
      | 'blurred'
      | 'face_too_small'
      | 'face_cut_off'
      | 'head_turned'
      | 'eyes_closed'
      | 'no_face'
      | 'not_due'
      | 'not_calibrated'
      | 'model_missing'
      | 'detector_failed'
    >
  > | null;
};

export type NewExam = {
  exam_id?: string;
  title?: string;
  scheduled_at?: string;
  duration_minutes?: number;
  total_questions?: number;
  teachers?: string[];
  policy?: {
    live_view?: 'none' | 'numbers' | 'thumbnails';
    sentinel_pictures?: boolean;
    evidence?: 'none' | 'thumbnail';
    report_to_student?: boolean;
    breaks?: boolean;
    rules_version?: string | null;
    webhook_url?: string | null;
    retention?: { frames_days?: number | null; reports_days?: number | null };
  };
};

export type ReviewRequest = {
  outcome?: 'nothing_to_follow_up' | 'follow_up' | 'inconclusive';
  notes?: string;
  observations?: { id: string; mark: 'confirmed' | 'dismissed' | 'unsure'; note?: string }[];
};

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
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
    | 'PICTURE_REFUSED'
    | 'SESSION_NOT_FOUND'
    | 'SESSION_ENDED'
    | 'NOT_FOUND'
    | 'ALREADY_EXISTS'
    | 'WRONG_STATUS'
    | 'STORE_UNAVAILABLE'
    | 'NOT_CONFIGURED'
    | 'INTERNAL';
  field?: string;
};

export type Exam = {
  exam_id: string;
  title: string | null;
  status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
  scheduled_at: string | null;
  duration_minutes: number | null;
  total_questions: number | null;
  policy: {
    live_view: 'none' | 'numbers' | 'thumbnails';
    sentinel_pictures: boolean;
    evidence: 'none' | 'thumbnail';
    report_to_student: boolean;
    breaks: boolean;
    rules_version: string | null;
    webhook_url: string | null;
    retention: { frames_days: number | null; reports_days: number | null };
  };
  created_at: string;
  opened_at: string | null;
  started_at: string | null;
  completed_at: string | null;
  cancelled_at: string | null;
  created_by: string | null;
  pin: string | null;
};

export type ExamState =
  | {
      exam_id: string;
      title: string | null;
      status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
      scheduled_at: string | null;
      duration_minutes: number | null;
      total_questions: number | null;
      policy: {
        live_view: 'none' | 'numbers' | 'thumbnails';
        sentinel_pictures: boolean;
        evidence: 'none' | 'thumbnail';
        report_to_student: boolean;
        breaks: boolean;
        rules_version: string | null;
        webhook_url: string | null;
        retention: { frames_days: number | null; reports_days: number | null };
      };
      created_at: string;
      opened_at: string | null;
      started_at: string | null;
      completed_at: string | null;
      cancelled_at: string | null;
      created_by: string | null;
      pin: string | null;
      server_time: string;
      teachers: string[];
      students: {
        student_id: string;
        student_name: string;
        joined_at: string | null;
        connected: boolean;
        progress: { passage_index: number; question_index: number; question_number: number } | null;
        answered_questions: number;
        violations: Partial<
          Record<
            | 'TAB_SWITCH'
            | 'WINDOW_BLUR'
            | 'COPY_ATTEMPT'
            | 'PASTE_ATTEMPT'
            | 'RIGHT_CLICK'
            | 'DEV_TOOLS'
            | 'FULL_SCREEN_EXIT'
            | 'SECOND_SCREEN',
            number
          >
        >;
        submission: { submitted_at: string; score: number | null; time_taken_seconds: number } | null;
        sessions: {
          session_id: string;
          status: 'running' | 'ending' | 'ended';
          started_at: string;
          ended_at: string | null;
        }[];
      }[];
      stats: {
        total_participants: number;
        connected_count: number;
        submitted_count: number;
        average_progress: number;
        total_violations: number;
      };
    }
  | {
      exam_id: string;
      title: string | null;
      status: 'SCHEDULED' | 'WAITING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
      scheduled_at: string | null;
      duration_minutes: number | null;
      total_questions: number | null;
      policy: {
        live_view: 'none' | 'numbers' | 'thumbnails';
        sentinel_pictures: boolean;
        evidence: 'none' | 'thumbnail';
        report_to_student: boolean;
        breaks: boolean;
        rules_version: string | null;
        webhook_url: string | null;
        retention: { frames_days: number | null; reports_days: number | null };
      };
      created_at: string;
      opened_at: string | null;
      started_at: string | null;
      completed_at: string | null;
      cancelled_at: string | null;
      server_time: string;
      connected_count: number;
      attempt: {
        student_id: string;
        student_name: string;
        joined_at: string | null;
        progress: { passage_index: number; question_index: number; question_number: number } | null;
        answers: { question_id: string; question_number: number; answer: string; answered_at: string }[];
        highlights: { passage_id: string; text: string; at: string }[];
        submission: { submitted_at: string; score: number | null; time_taken_seconds: number } | null;
      } | null;
    };

export type Report = {
  session: {
    session_id: string;
    exam_id: string | null;
    member_id: string | null;
    status: 'running' | 'ended';
    started_at: string;
    ended_at: string | null;
  };
  rules_version: string;
  rules: {
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
      | 'stream_gap';
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
    not_observed_s: Partial<
      Record<
        | 'camera_starting'
        | 'camera_lost'
        | 'worker_restarted'
        | 'paused'
        | 'obstructed'
        | 'frozen'
        | 'too_dark'
        | 'too_bright'
        | 'blurred'
        | 'face_too_small'
        | 'face_cut_off'
        | 'head_turned'
        | 'eyes_closed'
        | 'no_face'
        | 'not_due'
        | 'not_calibrated'
        | 'model_missing'
        | 'detector_failed'
        | 'no_frames',
        number
      >
    >;
    gaps: {
      reason:
        | 'camera_starting'
        | 'camera_lost'
        | 'worker_restarted'
        | 'paused'
        | 'obstructed'
        | 'frozen'
        | 'too_dark'
        | 'too_bright'
        | 'blurred'
        | 'face_too_small'
        | 'face_cut_off'
        | 'head_turned'
        | 'eyes_closed'
        | 'no_face'
        | 'not_due'
        | 'not_calibrated'
        | 'model_missing'
        | 'detector_failed'
        | 'no_frames';
      from_ms: number;
      to_ms: number;
    }[];
    gaps_not_listed: number;
  } | null;
  observations: {
    id: string;
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
      | 'stream_gap';
    from_ms: number;
    to_ms: number;
    from_s: number;
    to_s: number;
    duration_s: number;
    confidence: number;
    measured: Record<string, number>;
    evidence: { first: string; strongest: string; last: string };
    frames: number;
  }[];
  violations: {
    total: number;
    by_type: Partial<
      Record<
        | 'TAB_SWITCH'
        | 'WINDOW_BLUR'
        | 'COPY_ATTEMPT'
        | 'PASTE_ATTEMPT'
        | 'RIGHT_CLICK'
        | 'DEV_TOOLS'
        | 'FULL_SCREEN_EXIT'
        | 'SECOND_SCREEN',
        number
      >
    >;
    list: {
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
  totals: Partial<
    Record<
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
      | 'stream_gap',
      { count: number; seconds: number }
    >
  >;
  risk: {
    value: number;
    weights_version: string;
    contributions: {
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
        | 'stream_gap';
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
    losses: Partial<
      Record<'outbox_full' | 'storage_failed' | 'rejected' | 'engine_stalled' | 'session_over' | 'left_behind', number>
    >;
    chain: string | null;
    chained?: { links: number; confirmed_links: number; frames: number; unchained_frames: number } | null;
    clock_corrected?: { frames: number; largest_ms: number };
  };
  calibration?: {
    state: 'calibrated' | 'too_poor' | 'drifted';
    at: number;
    error_px: number | null;
    error_deg: number | null;
    targets: number | null;
    samples: number | null;
    viewport_width: number | null;
    viewport_height: number | null;
    head_yaw: number | null;
    head_pitch: number | null;
    head_x_cm: number | null;
    head_y_cm: number | null;
    head_z_cm: number | null;
  };
  review: Review;
};

export type SdReport = {
  session_info: {
    session_id: string;
    exam_id: string | null;
    member_id: string | null;
    start_time: string;
    end_time: string | null;
    duration_seconds: number;
    total_frames: number;
    observed_seconds: number;
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
    )[];
  }[];
  suspicious_events: {
    phone_detections: { id: string; from_s: number; to_s: number; duration_s: number; confidence: number }[];
    multiple_faces: { id: string; from_s: number; to_s: number; duration_s: number; confidence: number }[];
    gaze_off_screen: { id: string; from_s: number; to_s: number; duration_s: number; confidence: number }[];
    extreme_head_movements: { id: string; from_s: number; to_s: number; duration_s: number; confidence: number }[];
    no_face_detected: { id: string; from_s: number; to_s: number; duration_s: number; confidence: number }[];
    summary: { total_events: number; by_type: Record<string, number>; risk: number };
  };
  timeline: {
    time_s: number;
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
      | 'stream_gap';
    duration_s: number;
    confidence: number;
  }[];
  recommendations: string[];
};

export type Review = {
  status: 'open' | 'reviewed';
  outcome: 'nothing_to_follow_up' | 'follow_up' | 'inconclusive' | null;
  by: string | null;
  at: string | null;
  notes: string | null;
  observations: {
    id: string;
    mark: 'confirmed' | 'dismissed' | 'unsure';
    note: string | null;
    by: string | null;
    at: string;
  }[];
  contests: { id: string; text: string; at: string }[];
};

export type SessionMessage =
  | { type: 'heartbeat'; session_id: string; timestamp: string }
  | { type: 'session_ended'; session_id: string; timestamp: string }
  | {
      type: 'welcome';
      session_id: string;
      server_time_ms: number;
      up_to_seq: number;
      highest_seq: number;
      chain: string | null;
    }
  | { type: 'ack'; up_to_seq: number; seqs: [number, number][]; chain: string | null }
  | { type: 'slow_down'; retry_after_ms: number; reason: string }
  | { type: 'pong'; timestamp: string }
  | { type: 'proctor_message'; message_id: string; text: string; timestamp: string }
  | { type: 'break'; action: 'begin' | 'end'; timestamp: string }
  | { type: 'breaks'; allowed: boolean }
  | { type: 'pictures'; every_ms: number | null; now: boolean }
  | {
      type: 'error';
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
        | 'PICTURE_REFUSED'
        | 'SESSION_NOT_FOUND'
        | 'SESSION_ENDED'
        | 'NOT_FOUND'
        | 'ALREADY_EXISTS'
        | 'WRONG_STATUS'
        | 'STORE_UNAVAILABLE'
        | 'NOT_CONFIGURED'
        | 'INTERNAL';
      message: string;
      field?: string;
      seq?: number;
    };

/** What each operation asks for and answers. */
export interface ApiOperations {
  /** Begin a proctoring session for a student */
  startSession: {
    request: { body: { exam_id: string; member_id: string } };
    answer: {
      session_id: string;
      exam_id: string;
      member_id: string;
      started_at: string;
      token: string;
      token_expires_at: string;
      ws_url: string;
    };
  };
  /** Whose session it is, and whether it runs */
  getSession: {
    request: { path: { session_id: string } };
    answer: {
      session_id: string;
      exam_id: string | null;
      member_id: string | null;
      status: 'running' | 'ending' | 'ended';
      started_at: string;
      ended_at: string | null;
    };
  };
  /** End a session; its report is made */
  endSession: { request: { path: { session_id: string } }; answer: null };
  /** The session channel for networks that block sockets */
  sendSessionMessage: {
    request: {
      body:
        | { extracted_features: Features; session_id: string }
        | { type: 'frame'; payload: Features; session_id: string }
        | {
            session_id: string;
            face_present?: 0 | 1 | null;
            no_of_face?: number | null;
            face_x?: number | null;
            face_y?: number | null;
            face_w?: number | null;
            face_h?: number | null;
            face_conf?: number | null;
            head_yaw?: number | null;
            head_pitch?: number | null;
            head_roll?: number | null;
            head_pose?: 'forward' | 'left' | 'right' | 'up' | 'down' | null;
            gaze_on_script?: 0 | 1 | null;
            gaze_direction?:
              | 'top_left'
              | 'top'
              | 'top_right'
              | 'left'
              | 'center'
              | 'right'
              | 'bottom_left'
              | 'bottom'
              | 'bottom_right'
              | null;
            gazePoint_x?: number | null;
            gazePoint_y?: number | null;
            phone_present?: 0 | 1 | null;
            phone_conf?: number | null;
            hand_count?: number | null;
            gaze_drift_x?: number | null;
            gaze_drift_y?: number | null;
            calibration?: {
              state: 'calibrated' | 'too_poor' | 'drifted';
              at: number;
              error_px?: number | null;
              error_deg?: number | null;
              targets?: number | null;
              samples?: number | null;
              viewport_width?: number | null;
              viewport_height?: number | null;
              head_yaw?: number | null;
              head_pitch?: number | null;
              head_x_cm?: number | null;
              head_y_cm?: number | null;
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
            hand_side?: 'left' | 'right' | null;
            hand_near_face?: 0 | 1 | null;
            hand_holding_object?: 0 | 1 | null;
            still_faces?: number | null;
            eye_open_left?: number | null;
            eye_open_right?: number | null;
            blink_rate_per_min?: number | null;
            mouth_open?: number | null;
            mouth_moving?: 0 | 1 | null;
            image_brightness?: number | null;
            image_contrast?: number | null;
            image_sharpness?: number | null;
            image_obstructed?: 0 | 1 | null;
            image_frozen?: 0 | 1 | null;
            image_frozen_for_ms?: number | null;
            image_replayed?: 0 | 1 | null;
            image_width?: number | null;
            image_height?: number | null;
            virtual_camera_hint?: 0 | 1 | null;
            camera_count?: number | null;
            page_hidden?: 0 | 1 | null;
            page_violations?:
              | {
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
            engine_backend?: 'wasm' | 'webgl' | 'webgpu' | 'cpu' | null;
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
            engine_budget_hint?: 'battery' | 'pressure' | null;
            clock_corrected_ms?: number | null;
            not_observed?:
              | 'camera_starting'
              | 'camera_lost'
              | 'worker_restarted'
              | 'paused'
              | 'obstructed'
              | 'frozen'
              | 'too_dark'
              | 'too_bright'
              | 'blurred'
              | 'face_too_small'
              | 'face_cut_off'
              | 'head_turned'
              | 'eyes_closed'
              | 'no_face'
              | 'not_due'
              | 'not_calibrated'
              | 'model_missing'
              | 'detector_failed'
              | null;
            unknown?: Partial<
              Record<
                'face' | 'head' | 'gaze' | 'eyes' | 'mouth' | 'phone' | 'hands' | 'quality',
                | 'camera_starting'
                | 'camera_lost'
                | 'worker_restarted'
                | 'paused'
                | 'obstructed'
                | 'frozen'
                | 'too_dark'
                | 'too_bright'
                | 'blurred'
                | 'face_too_small'
                | 'face_cut_off'
                | 'head_turned'
                | 'eyes_closed'
                | 'no_face'
                | 'not_due'
                | 'not_calibrated'
                | 'model_missing'
                | 'detector_failed'
              >
            > | null;
            timestamp?: number | string;
          }
        | {
            frame_data: {
              session_id?: string;
              face_present?: 0 | 1 | null;
              no_of_face?: number | null;
              face_x?: number | null;
              face_y?: number | null;
              face_w?: number | null;
              face_h?: number | null;
              face_conf?: number | null;
              head_yaw?: number | null;
              head_pitch?: number | null;
              head_roll?: number | null;
              head_pose?: 'forward' | 'left' | 'right' | 'up' | 'down' | null;
              gaze_on_script?: 0 | 1 | null;
              gaze_direction?:
                | 'top_left'
                | 'top'
                | 'top_right'
                | 'left'
                | 'center'
                | 'right'
                | 'bottom_left'
                | 'bottom'
                | 'bottom_right'
                | null;
              gazePoint_x?: number | null;
              gazePoint_y?: number | null;
              phone_present?: 0 | 1 | null;
              phone_conf?: number | null;
              hand_count?: number | null;
              gaze_drift_x?: number | null;
              gaze_drift_y?: number | null;
              calibration?: {
                state: 'calibrated' | 'too_poor' | 'drifted';
                at: number;
                error_px?: number | null;
                error_deg?: number | null;
                targets?: number | null;
                samples?: number | null;
                viewport_width?: number | null;
                viewport_height?: number | null;
                head_yaw?: number | null;
                head_pitch?: number | null;
                head_x_cm?: number | null;
                head_y_cm?: number | null;
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
              hand_side?: 'left' | 'right' | null;
              hand_near_face?: 0 | 1 | null;
              hand_holding_object?: 0 | 1 | null;
              still_faces?: number | null;
              eye_open_left?: number | null;
              eye_open_right?: number | null;
              blink_rate_per_min?: number | null;
              mouth_open?: number | null;
              mouth_moving?: 0 | 1 | null;
              image_brightness?: number | null;
              image_contrast?: number | null;
              image_sharpness?: number | null;
              image_obstructed?: 0 | 1 | null;
              image_frozen?: 0 | 1 | null;
              image_frozen_for_ms?: number | null;
              image_replayed?: 0 | 1 | null;
              image_width?: number | null;
              image_height?: number | null;
              virtual_camera_hint?: 0 | 1 | null;
              camera_count?: number | null;
              page_hidden?: 0 | 1 | null;
              page_violations?:
                | {
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
              engine_backend?: 'wasm' | 'webgl' | 'webgpu' | 'cpu' | null;
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
              engine_budget_hint?: 'battery' | 'pressure' | null;
              clock_corrected_ms?: number | null;
              not_observed?:
                | 'camera_starting'
                | 'camera_lost'
                | 'worker_restarted'
                | 'paused'
                | 'obstructed'
                | 'frozen'
                | 'too_dark'
                | 'too_bright'
                | 'blurred'
                | 'face_too_small'
                | 'face_cut_off'
                | 'head_turned'
                | 'eyes_closed'
                | 'no_face'
                | 'not_due'
                | 'not_calibrated'
                | 'model_missing'
                | 'detector_failed'
                | null;
              unknown?: Partial<
                Record<
                  'face' | 'head' | 'gaze' | 'eyes' | 'mouth' | 'phone' | 'hands' | 'quality',
                  | 'camera_starting'
                  | 'camera_lost'
                  | 'worker_restarted'
                  | 'paused'
                  | 'obstructed'
                  | 'frozen'
                  | 'too_dark'
                  | 'too_bright'
                  | 'blurred'
                  | 'face_too_small'
                  | 'face_cut_off'
                  | 'head_turned'
                  | 'eyes_closed'
                  | 'no_face'
                  | 'not_due'
                  | 'not_calibrated'
                  | 'model_missing'
                  | 'detector_failed'
                >
              > | null;
              timestamp?: number | string;
            };
            session_id: string;
          }
        | {
            type: 'hello';
            client_time_ms: number | string;
            last_seq?: number | null;
            pictures?: boolean;
            session_id: string;
          }
        | { type: 'batch'; frames: FeatureFrame[]; chain?: string | null; session_id: string }
        | {
            type: 'losses';
            counts: Partial<
              Record<
                'outbox_full' | 'storage_failed' | 'rejected' | 'engine_stalled' | 'session_over' | 'left_behind',
                number
              >
            >;
            ranges?: {
              reason: 'outbox_full' | 'storage_failed' | 'rejected' | 'engine_stalled' | 'session_over' | 'left_behind';
              seqs: [number, number];
            }[];
            session_id: string;
          }
        | { type: 'ping'; timestamp?: unknown; session_id: string }
        | { type: 'picture'; timestamp: number | string; data: string; session_id: string };
    };
    answer: { messages: SessionMessage[] } | { status: 'accepted'; session_id: string };
  };
  /** A token for the exam’s LiveKit room */
  getLivekitToken: {
    request: { query: { exam_id: string | number; member_id: string | number; name?: string | number } };
    answer: { token: string; url: string; room: string; identity: string; name: string };
  };
  /** Say something to the student */
  messageStudent: { request: { path: { session_id: string }; body: { text: string } }; answer: { message_id: string } };
  /** Ask the student’s page to begin or end a break */
  askBreak: {
    request: { path: { session_id: string }; body: { action: 'begin' | 'end' } };
    answer: { action: 'begin' | 'end' };
  };
  /** Note something to look at later; the student does not see it */
  flagSession: { request: { path: { session_id: string }; body: { note: string } }; answer: { note: string } };
  /** The report as of now */
  analyzeSession: {
    request: { path: { session_id: string }; query?: { rules?: '1' | '2'; weights?: '1' | '2' } };
    answer: Report;
  };
  /** The report of a session */
  getReport: {
    request: {
      path: { session_id: string };
      query?: { format?: 'json' | 'sd' | 'csv'; version?: string | number; review?: string | number };
    };
    answer: Report | SdReport | string;
  };
  /** The observations as a table */
  getObservationsCsv: {
    request: { path: { session_id: string }; query?: { version?: string | number } };
    answer: string;
  };
  /** Which reports are kept */
  listReports: {
    request: { path: { session_id: string } };
    answer: { reports: { version: number; rules_version: string; created_at: string }[] };
  };
  /** What humans said of the report */
  getReview: { request: { path: { session_id: string } }; answer: Review };
  /** Say what a human makes of the report: the outcome, marks on observations, or both */
  review: { request: { path: { session_id: string }; body: ReviewRequest }; answer: Review };
  /** The same as PUT */
  postReview: { request: { path: { session_id: string }; body: ReviewRequest }; answer: Review };
  /** A student’s answer to an observation */
  contestObservation: {
    request: { path: { session_id: string; observation_id: string }; body: { text: string } };
    answer: Review;
  };
  /** Who did what with the session */
  getAudit: {
    request: { path: { session_id: string } };
    answer: { audit: { at: string; actor: string; action: string; detail: unknown }[] };
  };
  /** Create an exam */
  createExam: { request: { body: NewExam }; answer: Exam };
  /** The exams that one teaches; for admins all */
  listExams: { request: {}; answer: { exams: Exam[] } };
  /** The whole state of an exam, for whoever (re)connects to its channel */
  getExam: { request: { path: { exam_id: string } }; answer: ExamState };
  /** Enrol students; a name replaces an earlier one */
  enrolStudents: {
    request: { path: { exam_id: string }; body: { students: { student_id: string; student_name?: string }[] } };
    answer: null;
  };
  /** Open the waiting room */
  openExam: { request: { path: { exam_id: string } }; answer: Exam };
  /** Let everybody begin */
  startExam: { request: { path: { exam_id: string } }; answer: Exam };
  /** End it for everybody; sessions are ended and their reports made */
  completeExam: { request: { path: { exam_id: string } }; answer: Exam };
  /** Call it off */
  cancelExam: { request: { path: { exam_id: string } }; answer: Exam };
  /** What was agreed with a student */
  getAccommodations: {
    request: { path: { exam_id: string; member_id: string } };
    answer: {
      accommodations: {
        name: string;
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
        )[];
        longer: Partial<
          Record<
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
            | 'stream_gap',
            number
          >
        >;
      }[];
    };
  };
  /** Say what was agreed with a student */
  setAccommodations: {
    request: {
      path: { exam_id: string; member_id: string };
      body: {
        accommodations: {
          name: string;
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
          )[];
          longer?: Partial<
            Record<
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
              | 'stream_gap',
              number
            >
          >;
        }[];
      };
    };
    answer: {
      accommodations: {
        name: string;
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
        )[];
        longer: Partial<
          Record<
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
            | 'stream_gap',
            number
          >
        >;
      }[];
    };
  };
  /** Where the student is */
  reportProgress: {
    request: {
      path: { exam_id: string };
      body: { student_id?: string; passage_index: number; question_index: number; question_number: number };
    };
    answer: null;
  };
  /** An answer, or a newer one */
  answerQuestion: {
    request: {
      path: { exam_id: string };
      body: { student_id?: string; question_id: string; question_number: number; answer: string };
    };
    answer: { question_id: string; is_update: boolean };
  };
  /** Text that the student marked */
  highlightText: {
    request: { path: { exam_id: string }; body: { student_id?: string; passage_id: string; text: string } };
    answer: null;
  };
  /** What the exam page saw */
  reportViolation: {
    request: {
      path: { exam_id: string };
      body: {
        student_id?: string;
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
    answer: { recorded: boolean; total_count: number };
  };
  /** Hand in; again: the first one */
  submitExam: {
    request: { path: { exam_id: string }; body: { student_id?: string; score?: number } };
    answer: { submitted_at: string; score: number | null; time_taken_seconds: number };
  };
  /** Who is in a classroom */
  listAgents: {
    request: { path: { classroom_id: string }; query?: { sequence_id?: string | number; limit?: string | number } };
    answer: { id: string; sequence_id: number }[];
  };
  /** How many are in each classroom */
  countAgents: { request: { body: { classroom_ids: string[] } }; answer: Record<string, number> };
  /** Who is connected for alerts, over all replicas */
  listAlertConnections: {
    request: {};
    answer: {
      total_connections: number;
      connections: {
        user_id: string;
        connected: boolean;
        uptime_seconds: number;
        last_heartbeat: string;
        seconds_since_heartbeat: number;
      }[];
    };
  };
  /** Everything that is kept of a student */
  exportStudent: {
    request: { path: { member_id: string } };
    answer: {
      format: 'invigil-export/1';
      member_id: string;
      exported_at: string;
      records: Record<string, Record<string, unknown>[]>;
      dumps: Record<string, unknown>[];
      running: Record<string, Record<string, unknown>[]>;
    };
  };
  /** Erase everything that is kept of a student */
  eraseStudent: {
    request: { path: { member_id: string } };
    answer: { sessions: number; rows: Record<string, number> };
  };
  /** What was told to other systems, and whether it arrived */
  listDeliveries: {
    request: { query?: { status?: 'pending' | 'delivered' | 'failed' } };
    answer: {
      deliveries: {
        id: string;
        event: 'alert.raised' | 'session.ended' | 'report.created' | 'review.recorded';
        session_id: string | null;
        exam_id: string | null;
        url: string;
        status: 'pending' | 'delivered' | 'failed';
        attempts: number;
        created_at: string;
        delivered_at: string | null;
        next_attempt_at: string | null;
        last_status: number | null;
        last_error: string | null;
      }[];
    };
  };
  /** Try again */
  retryDelivery: { request: { path: { delivery_id: string } }; answer: null };
  /** Whether each part of the server works */
  getHealth: {
    request: {};
    answer: { status: 'ok' | 'unavailable'; parts: Record<string, string>; retention_ran_at: string | null };
  };
  /** Whether clients should be sent here */
  getReadiness: { request: {}; answer: { status: 'ready' | 'closing' | 'unavailable' } };
  /** Figures for Prometheus */
  getMetrics: { request: {}; answer: string };
  /** JSON Schema of the report */
  getReportSchema: { request: {}; answer: unknown };
  /** This description */
  getOpenapi: { request: {}; answer: Record<string, unknown> };
  /** The description of the WebSocket channels */
  getAsyncapi: { request: {}; answer: Record<string, unknown> };
  /** Both descriptions as a page to read */
  getDocs: { request: {}; answer: string };
}

/** Method and path of each operation. */
export const apiRoutes = {
  startSession: ['POST', '/api/v1/session/start'],
  getSession: ['GET', '/api/v1/session/{session_id}'],
  endSession: ['POST', '/api/v1/session/{session_id}/end'],
  sendSessionMessage: ['POST', '/api/v1/session/ws/fallback'],
  getLivekitToken: ['GET', '/api/v1/webrtc/livekit/token'],
  messageStudent: ['POST', '/api/v1/session/{session_id}/messages'],
  askBreak: ['POST', '/api/v1/session/{session_id}/break'],
  flagSession: ['POST', '/api/v1/session/{session_id}/flags'],
  analyzeSession: ['POST', '/api/v1/session/{session_id}/analyze'],
  getReport: ['GET', '/api/v1/session/{session_id}/report'],
  getObservationsCsv: ['GET', '/api/v1/session/{session_id}/report/observations.csv'],
  listReports: ['GET', '/api/v1/session/{session_id}/reports'],
  getReview: ['GET', '/api/v1/session/{session_id}/review'],
  review: ['PUT', '/api/v1/session/{session_id}/review'],
  postReview: ['POST', '/api/v1/session/{session_id}/review'],
  contestObservation: ['POST', '/api/v1/session/{session_id}/review/observations/{observation_id}/contest'],
  getAudit: ['GET', '/api/v1/session/{session_id}/audit'],
  createExam: ['POST', '/api/v1/exams'],
  listExams: ['GET', '/api/v1/exams'],
  getExam: ['GET', '/api/v1/exams/{exam_id}'],
  enrolStudents: ['POST', '/api/v1/exams/{exam_id}/enrolments'],
  openExam: ['POST', '/api/v1/exams/{exam_id}/open'],
  startExam: ['POST', '/api/v1/exams/{exam_id}/start'],
  completeExam: ['POST', '/api/v1/exams/{exam_id}/complete'],
  cancelExam: ['POST', '/api/v1/exams/{exam_id}/cancel'],
  getAccommodations: ['GET', '/api/v1/exams/{exam_id}/accommodations/{member_id}'],
  setAccommodations: ['PUT', '/api/v1/exams/{exam_id}/accommodations/{member_id}'],
  reportProgress: ['POST', '/api/v1/exams/{exam_id}/progress'],
  answerQuestion: ['POST', '/api/v1/exams/{exam_id}/answers'],
  highlightText: ['POST', '/api/v1/exams/{exam_id}/highlights'],
  reportViolation: ['POST', '/api/v1/exams/{exam_id}/violations'],
  submitExam: ['POST', '/api/v1/exams/{exam_id}/submission'],
  listAgents: ['GET', '/api/v1/classrooms/{classroom_id}/agents'],
  countAgents: ['POST', '/api/v1/counters/agent'],
  listAlertConnections: ['GET', '/ws/connections'],
  exportStudent: ['GET', '/api/v1/students/{member_id}/export'],
  eraseStudent: ['DELETE', '/api/v1/students/{member_id}'],
  listDeliveries: ['GET', '/api/v1/webhooks/deliveries'],
  retryDelivery: ['POST', '/api/v1/webhooks/deliveries/{delivery_id}/retry'],
  getHealth: ['GET', '/healthz'],
  getReadiness: ['GET', '/readyz'],
  getMetrics: ['GET', '/metrics'],
  getReportSchema: ['GET', '/api/v1/schemas/report.json'],
  getOpenapi: ['GET', '/openapi.json'],
  getAsyncapi: ['GET', '/asyncapi.json'],
  getDocs: ['GET', '/docs'],
} as const satisfies Record<keyof ApiOperations, readonly [method: string, path: string]>;
