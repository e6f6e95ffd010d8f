/** In its own file, separate from the records, because it is written constantly and holds nothing that must outlive a session. */
export const embeddedSchema = `
  CREATE TABLE IF NOT EXISTS frames (
    session_id TEXT NOT NULL,
    frame_id TEXT NOT NULL,
    timestamp_ms REAL NOT NULL,
    seq INTEGER NOT NULL,
    json TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (session_id, frame_id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS frames_by_time ON frames (session_id, timestamp_ms, seq, frame_id);
  CREATE INDEX IF NOT EXISTS frames_by_expiry ON frames (expires_at_ms);
  CREATE TABLE IF NOT EXISTS links (
    session_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (session_id, place)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams (
    session_id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
