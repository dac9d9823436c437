/** What is done to a store from outside the server: by commands. Throws one clear line when it cannot begin. */
export interface StoreMaintenance {
  /** Brings the database, made when there is none, to the version of this program. Alone: nobody else may write. */
  migrate(): { readonly from: number; readonly to: number };
  /** Integrity, and the facts against what is derived: a sentence per finding. Beside a running server, too. */
  check(): readonly string[];
  /**
   * Copies the database as it is at this moment into a new file, which is whole on disk when this resolves. Beside a running
   * server, too. Leaves nothing behind when it fails or is aborted.
   */
  backup(to: string, settings: BackupSettings): Promise<{ readonly bytes: number }>;
  /** Derives anew what the facts say, where they are whole. Alone. A second run changes nothing; one that was killed is run again. */
  rebuild(onProgress: (progress: RebuildProgress) => void): RebuildProgress;
}

export interface BackupSettings {
  /** Replaces a file that is there. */
  readonly force: boolean;
  readonly onProgress: (progress: { readonly bytes: number; readonly bytesExpected: number }) => void;
  readonly signal: AbortSignal;
}

export interface RebuildProgress {
  /** Up to which time all is derived, epoch µs; null before the first step. */
  readonly until: number | null;
  readonly cells: number;
  /** Cells that were not what the facts say. */
  readonly mended: number;
}
