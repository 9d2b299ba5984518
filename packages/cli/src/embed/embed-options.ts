/** What the command line of `costkit embed` says. */
export interface EmbedOptions {
  readonly store?: string;
  readonly postgres?: string | true;
  readonly table?: string;
  readonly model: string;
  readonly dimensions?: string;
  readonly chunkTokens?: string;
  readonly ext?: string;
  readonly maxUsd?: string;
  readonly concurrency?: string;
  readonly migrate?: boolean;
  readonly queries?: string;
  readonly allowEmpty?: boolean;
  readonly bucket?: string;
  readonly role?: string;
  readonly prefix?: string;
  readonly journal?: string;
  readonly bulkFrom?: string;
  readonly pollSeconds?: string;
  readonly region?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
