import {
  CAPABILITY_FIELDS,
  CERTAINTY_LETTERS,
  FLAG_COUNT,
  REGION_LETTERS,
  REGIONS,
  SCOPE_LETTERS,
  SECTION_LETTERS,
} from '../src/packed-letters.js';
import type { CacheRules, Capabilities } from '../src/types.js';
import type { FamilyEntry, ModelEntry } from './provider-file.js';

/** The letter that stands for `name`. */
export function letterOf(letters: Readonly<Record<string, string>>, name: string): string {
  const letter = Object.keys(letters).find((key) => letters[key] === name);
  if (letter === undefined) throw new Error(`"${name}" has no letter`);
  return letter;
}

/** The letter that stands for a Region. */
export function regionLetter(region: string): string {
  const index = REGIONS.indexOf(region);
  if (index === -1) throw new Error(`Region "${region}" is not in REGIONS; append it`);
  return REGION_LETTERS.charAt(index);
}

function packRegions(regions: string | undefined): string | undefined {
  const names = regions?.split(' ').filter((region) => region !== '');
  return names?.map(regionLetter).join('');
}

function packCache(cache: CacheRules | null | undefined): string {
  if (cache === null || cache === undefined) return '';
  const { minTokens, maxPoints, maxTokens = '', ttls, sections, explicit, implicit, certainty } = cache;
  const places = sections.map((section) => letterOf(SECTION_LETTERS, section)).join('');
  const ways = `${explicit ? 'e' : ''}${implicit ? 'i' : ''}`;
  return [
    minTokens,
    maxPoints,
    maxTokens,
    ttls.join('+'),
    places,
    ways,
    letterOf(CERTAINTY_LETTERS, certainty),
  ].join(',');
}

type Traits = Readonly<Record<string, string | undefined>>;

function capabilityTraits(
  capabilities: Capabilities | (Omit<Capabilities, 'cache'> & { cache?: CacheRules | null }),
): Traits {
  const flags = CAPABILITY_FIELDS.slice(0, FLAG_COUNT).map((field) =>
    capabilities[field] === true ? '1' : '0',
  );
  return {
    f: flags.join(''),
    t: capabilities.tiers.join(','),
    h: capabilities.thinking,
    b: String(capabilities.outputBurndown),
    c: packCache(capabilities.cache),
    a: capabilities.assumed
      ?.map((field) => CAPABILITY_FIELDS.indexOf(field as keyof Capabilities).toString(16))
      .join(''),
    y: letterOf(CERTAINTY_LETTERS, capabilities.certainty),
  };
}

const textOf = (traits: Traits): string =>
  Object.entries(traits)
    .flatMap(([letter, value]) => (value === undefined ? [] : `${letter}${value}`))
    .join(' ');

function familyTraits({ kind = 'text', dialect, capabilities }: FamilyEntry): Traits {
  return { ...(kind === 'text' ? {} : { k: kind }), d: dialect, ...capabilityTraits(capabilities) };
}

/** What the models of a family share, as `readModel` reads it. */
export function packFamily(family: FamilyEntry): string {
  return textOf(familyTraits(family));
}

/** What is the model's own, as `readModel` reads it behind its family's. */
export function packTraits(model: ModelEntry, family: FamilyEntry): string {
  const shared = familyTraits(family);
  const capabilities = { ...family.capabilities, ...model.capabilities } as Capabilities;
  const lifecycleCertainty = model.lifecycle?.certainty;
  const profileScope = (prefix: string): string =>
    prefix === 'global' ? prefix : prefix === 'us-gov' ? 'govcloud' : `geo:${prefix}`;
  const own: Traits = {
    k: model.kind,
    d: model.dialect,
    w: model.contextWindow?.toString(),
    m: model.maxOutputTokens?.toString(),
    g: model.profiles.map((prefix) => letterOf(SCOPE_LETTERS, profileScope(prefix))).join('') || undefined,
    r: packRegions(model.inRegion),
    p: model.pricedRegions === 'inRegion' ? '=' : packRegions(model.pricedRegions),
    u: model.usageSemantics === 'gross' ? 'g' : undefined,
    l: model.lifecycle?.legacyFrom,
    x: model.lifecycle?.extendedAccessFrom,
    e: model.lifecycle?.endOfLife,
    v: lifecycleCertainty === undefined ? undefined : letterOf(CERTAINTY_LETTERS, lifecycleCertainty),
    ...Object.fromEntries(
      Object.entries(capabilityTraits(capabilities)).filter(([letter, value]) => shared[letter] !== value),
    ),
  };
  return textOf(own);
}
