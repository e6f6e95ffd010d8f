import * as v from 'valibot';
import { CameraJoinSchema } from '../http/schemas/camera-requests.ts';
import { phoneStates } from '../sessions/phone-cameras.ts';
import { ExamNoticeSchema } from './exam-answers.ts';
import type { Operation } from './operation.ts';

const moment = v.pipe(v.string(), v.isoTimestamp());
const tag = 'sessions';

/** A phone as the camera of a session. */
export const cameraOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/session/{session_id}/camera-link',
    id: 'createCameraLink',
    tag,
    summary: 'Create a link by which a phone becomes the session’s camera',
    description:
      'One use, within three minutes; shown as a QR code. It replaces an earlier link that no phone has opened. The exam’s policy must set `phone_camera`.',
    action: 'camera.link',
    answers: {
      201: {
        description: 'The link',
        schema: v.object({
          path: v.pipe(
            v.string(),
            v.description('Path and fragment on this server. Servers and proxies never see the code.'),
          ),
          expires_at: moment,
        }),
      },
    },
    problems: ['SESSION_NOT_FOUND', 'SESSION_ENDED', 'WRONG_STATUS'],
  },
  {
    method: 'get',
    path: '/api/v1/session/{session_id}/camera',
    id: 'getSessionCamera',
    tag,
    summary: 'Get whether a phone is the session’s camera, and whether it is connected',
    action: 'camera.link',
    answers: {
      200: {
        description: 'The phone’s state',
        schema: v.object({
          session_status: v.picklist(['running', 'ending', 'ended']),
          phone: v.pipe(
            v.picklist(phoneStates),
            v.description(
              '`none`: no phone. `waiting`: no phone has opened the link. `opened`: one has, and its student has not agreed there yet. ' +
                '`lost`: nothing has arrived from the phone for 15 s.',
            ),
          ),
          expires_at: v.nullable(moment),
          seen_at: v.nullable(moment),
        }),
      },
    },
    problems: ['SESSION_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/api/v1/camera/join',
    id: 'joinAsCamera',
    tag,
    summary: 'Open a link on a phone, once',
    description:
      'The token can send frames of this session, and nothing else: it can neither answer nor end it. It is valid until another camera takes its place.',
    action: 'camera.join',
    body: CameraJoinSchema,
    answers: {
      201: {
        description: 'The session, with the phone’s token',
        schema: v.object({
          session_id: v.string(),
          token: v.string(),
          token_expires_at: moment,
          notice: v.nullable(ExamNoticeSchema),
        }),
      },
    },
    problems: ['NOT_FOUND', 'SESSION_ENDED'],
  },
];
