/** The documented keys of a session's frames in Redis, and three of ours (`frames_state`, `frames_links`, `frames_archiver`). */
export const frameKeys = {
  index: (sessionId: string): string => `frames_meta:${sessionId}`,
  frame: (sessionId: string, frameId: string): string => `frame_meta:${sessionId}:${frameId}`,
  stream: (sessionId: string): string => `frames_state:${sessionId}`,
  links: (sessionId: string): string => `frames_links:${sessionId}`,
  /** The replica that is archiving the session's frames. */
  archiver: (sessionId: string): string => `frames_archiver:${sessionId}`,
};

/** All keys of a session except those of its frames and the archiver's claim. */
export const streamKeys = (sessionId: string): string[] => [
  frameKeys.stream(sessionId),
  frameKeys.index(sessionId),
  frameKeys.links(sessionId),
];
