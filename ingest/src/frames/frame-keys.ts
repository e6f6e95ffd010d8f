/** The keys of a session in Redis. `index` and `frame` are documented; the others are ours. */
export interface FrameKeys {
  index(sessionId: string): string;
  frame(sessionId: string, frameId: string): string;
  stream(sessionId: string): string;
  links(sessionId: string): string;
  /** The replica that is archiving the session's frames. */
  archiver(sessionId: string): string;
  /** The checkpoint of the running analysis. */
  analysis(sessionId: string): string;
}

const keysOf = (tagOf: (sessionId: string) => string): FrameKeys => ({
  index: (sessionId) => `frames_meta:${tagOf(sessionId)}`,
  frame: (sessionId, frameId) => `frame_meta:${tagOf(sessionId)}:${frameId}`,
  stream: (sessionId) => `frames_state:${tagOf(sessionId)}`,
  links: (sessionId) => `frames_links:${tagOf(sessionId)}`,
  archiver: (sessionId) => `frames_archiver:${tagOf(sessionId)}`,
  analysis: (sessionId) => `frames_analysis:${tagOf(sessionId)}`,
});

/** With a single Redis: the documented names, such as `frames_meta:s1`. */
export const frameKeys = keysOf((sessionId) => sessionId);

/** In a cluster, the braces put all keys of a session into one hash slot, such as `frames_meta:{s1}`; ids contain no braces. */
export const clusterFrameKeys = keysOf((sessionId) => `{${sessionId}}`);

/** All keys of a session except those of its frames, the archiver's claim and its analysis. */
export const streamKeys = (sessionId: string, keys: FrameKeys = frameKeys): string[] => [
  keys.stream(sessionId),
  keys.index(sessionId),
  keys.links(sessionId),
];
