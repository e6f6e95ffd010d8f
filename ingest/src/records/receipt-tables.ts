/** Ed25519 keys that sign receipts; the newest signs. */
export interface SigningKeysTable {
  key_id: string;
  /** SPKI, base64url. */
  public_key: string;
  /** PKCS #8, base64url. */
  private_key: string;
  created_at: string;
}

interface ReceiptsTable {
  session_id: string;
  /** Version of the report. */
  version: number;
  /** Date of signing in UTC: `2026-11-28`. */
  day: string;
  /** The signed receipt's JSON, exactly as it was signed. */
  receipt: string;
}

/** Contains no student data: kept when the receipt is erased. */
interface ReceiptLeavesTable {
  day: string;
  leaf: string;
}

export interface ReceiptTables {
  signing_keys: SigningKeysTable;
  receipts: ReceiptsTable;
  receipt_leaves: ReceiptLeavesTable;
}
