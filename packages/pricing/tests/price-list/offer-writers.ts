import type { SampleLine } from './offer-samples.js';

/** A file of the price list, in AWS's JSON. */
export function offerJson(
  offer: string,
  lines: readonly SampleLine[],
  { publicationDate = '2026-12-03T08:00:00Z' }: { readonly publicationDate?: string } = {},
): string {
  const products: Record<string, unknown> = {};
  const onDemand: Record<string, unknown> = {};
  for (const [index, line] of lines.entries()) {
    const sku = `SKU${index}`;
    products[sku] = {
      sku,
      productFamily: 'Amazon Bedrock',
      attributes: {
        servicecode: offer,
        location: 'somewhere',
        regionCode: line.region,
        usagetype: line.usageType,
        operation: '',
        ...line.attributes,
      },
    };
    onDemand[sku] = {
      [`${sku}.JRTCKXETXF`]: {
        offerTermCode: 'JRTCKXETXF',
        sku,
        effectiveDate: line.effectiveDate ?? '2026-12-01T00:00:00Z',
        priceDimensions: {
          [`${sku}.JRTCKXETXF.6YS6EN2CT7`]: {
            unit: line.unit,
            beginRange: '0',
            endRange: 'Inf',
            description: 'made',
            pricePerUnit: { USD: line.usd },
          },
        },
        termAttributes: {},
      },
    };
  }
  return JSON.stringify({
    formatVersion: 'v1.0',
    disclaimer: 'This pricing list is for informational purposes only.',
    offerCode: offer,
    version: '20261203080000',
    publicationDate,
    products,
    terms: { OnDemand: onDemand },
  });
}

/** The same file in AWS's CSV, with its lines about the file in front of the header. */
export function offerCsv(offer: string, lines: readonly SampleLine[]): string {
  const quoted = (fields: readonly string[]): string =>
    fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
  const attributes = [...new Set(lines.flatMap((line) => Object.keys(line.attributes)))];
  return [
    quoted(['FormatVersion', 'v1.0']),
    quoted(['Disclaimer', 'For information, "as is", only\nand without warranty']),
    quoted(['Publication Date', '2026-12-03T08:00:00Z']),
    quoted(['Version', '20261203080000']),
    quoted(['OfferCode', offer]),
    quoted([
      'SKU',
      'OfferTermCode',
      'RateCode',
      'TermType',
      'PriceDescription',
      'EffectiveDate',
      'StartingRange',
      'EndingRange',
      'Unit',
      'PricePerUnit',
      'Currency',
      'usageType',
      'Region Code',
      ...attributes.map((name) => (name === 'service_tier' ? 'Service Tier' : name)),
    ]),
    ...lines.map((line, index) =>
      quoted([
        `SKU${index}`,
        'JRTCKXETXF',
        'rate',
        'OnDemand',
        'made, for a test',
        line.effectiveDate ?? '2026-12-01',
        '0',
        'Inf',
        line.unit,
        line.usd,
        'USD',
        line.usageType,
        line.region,
        ...attributes.map((name) => line.attributes[name] ?? ''),
      ]),
    ),
    '',
  ].join('\r\n');
}
