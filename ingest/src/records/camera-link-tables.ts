/** Links by which phones become cameras. */
interface CameraLinksTable {
  link_id: string;
  session_id: string;
  /** SHA-256 of the link's code, base64url. */
  code_hash: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
  connected_at: string | null;
  seen_at: string | null;
  ended_at: string | null;
}

export interface CameraLinkTables {
  camera_links: CameraLinksTable;
}
