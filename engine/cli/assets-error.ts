/** A failure that the developer can fix; the message says how. */
export class AssetsError extends Error {
  override name = 'AssetsError';
  /** Whether the command line was wrong. */
  readonly isUsage: boolean;

  constructor(message: string, { isUsage = false }: { isUsage?: boolean } = {}) {
    super(message);
    this.isUsage = isUsage;
  }
}
