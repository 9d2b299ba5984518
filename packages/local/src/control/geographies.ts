/** Where inference profiles of one prefix are called from, and where their requests may be served. */
export interface Geography {
  /** As it stands in the profiles' names. */
  readonly name: string;
  readonly sources: RegExp;
  /** Regions a profile lists; for `global` the service lists no Region. */
  readonly destinations: readonly string[];
}

/**
 * Prefixes of system-defined inference profiles [user guide, supported inference profiles]. Which destinations a
 * profile has differs by model and is not in the catalogue; the first five of the geography stand for them (assumed).
 */
export const GEOGRAPHIES: ReadonlyMap<string, Geography> = new Map([
  [
    'us',
    { name: 'US', sources: /^(us-(?!gov-)|ca-)/, destinations: ['us-east-1', 'us-east-2', 'us-west-2'] },
  ],
  [
    'eu',
    {
      name: 'EU',
      sources: /^eu-/,
      destinations: ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1', 'eu-west-3'],
    },
  ],
  [
    'apac',
    {
      name: 'APAC',
      sources: /^ap-/,
      destinations: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
    },
  ],
  ['jp', { name: 'JP', sources: /^ap-northeast-/, destinations: ['ap-northeast-1', 'ap-northeast-3'] }],
  [
    'au',
    { name: 'AU', sources: /^ap-(southeast|northeast)-/, destinations: ['ap-southeast-2', 'ap-southeast-4'] },
  ],
  ['in', { name: 'IN', sources: /^ap-south-/, destinations: ['ap-south-1', 'ap-south-2'] }],
  ['ca', { name: 'CA', sources: /^ca-/, destinations: ['ca-central-1', 'ca-west-1'] }],
  ['us-gov', { name: 'US-GOV', sources: /^us-gov-/, destinations: ['us-gov-east-1', 'us-gov-west-1'] }],
  ['global', { name: 'Global', sources: /^(?!us-gov-|cn-)/, destinations: [''] }],
]);
