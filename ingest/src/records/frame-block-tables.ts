interface FrameBlocksTable {
  session_id: string;
  /** See `ArchivedTo`. */
  generation: string;
  /** Where the block begins in the order of arrival. */
  from_links: number;
  from_unnumbered: number;
  /** JSON. */
  info: string;
  body: Buffer;
}

export interface FrameBlockTables {
  frame_blocks: FrameBlocksTable;
}
