/** Geographies of inference profiles by the Regions in them, narrowest first. */
export const GEOGRAPHIES: readonly (readonly [prefix: string, regions: RegExp])[] = [
  ['us-gov', /^us-gov-/],
  ['jp', /^ap-northeast-[13]$/],
  ['au', /^ap-southeast-[246]$/],
  ['in', /^ap-south-/],
  ['apac', /^ap-/],
  ['ca', /^ca-/],
  ['us', /^(us|ca)-/],
  ['eu', /^eu-/],
];
