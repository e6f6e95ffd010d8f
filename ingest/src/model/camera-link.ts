/** A one-time link by which a phone becomes the camera of a session. Times: ISO 8601. */
export interface CameraLink {
  linkId: string;
  sessionId: string;
  createdAt: string;
  /** Until when a phone can open the link. */
  expiresAt: string;
  /** When a phone opened it. */
  usedAt: string | null;
  /** When the phone's first frames could arrive: the student had agreed on the phone. */
  connectedAt: string | null;
  /** When the phone last sent something, to within a few seconds. */
  seenAt: string | null;
  /** When another camera took its place; its token has been invalid since. */
  endedAt: string | null;
}
