/** Units of CloudWatch's MetricDatum. */
const UNITS =
  /^(Seconds|Microseconds|Milliseconds|(Kilo|Mega|Giga|Tera)?(bytes|bits)(\/Second)?|Bytes(\/Second)?|Bits(\/Second)?|Percent|Count(\/Second)?|None)$/i;

/** Largest log event, and CloudWatch's overhead for each. */
const MAX_BYTES = 1_048_576 - 26;

type Json = Readonly<Record<string, unknown>>;

/**
 * What a line breaches of the published rules of the embedded metric format (CloudWatch user guide, "Specification:
 * Embedded metric format" with its JSON schema, and the API's MetricDatum and Dimension).
 */
export function emfProblems(line: string): string[] {
  const problems: string[] = [];
  const must = (condition: boolean, problem: string): void => {
    if (!condition) problems.push(problem);
  };
  const isText = (value: unknown, max: number): value is string =>
    typeof value === 'string' && value.length >= 1 && value.length <= max;
  must(line.endsWith('\n') && !line.slice(0, -1).includes('\n'), 'is one line');
  must(Buffer.byteLength(line) <= MAX_BYTES, 'is too long');
  const root = JSON.parse(line) as Json;
  const metadata = root['_aws'] as { Timestamp: unknown; CloudWatchMetrics: readonly Json[] };
  must(Object.keys(metadata).sort().join() === 'CloudWatchMetrics,Timestamp', 'has other metadata');
  must(Number.isSafeInteger(metadata.Timestamp) && Number(metadata.Timestamp) > 0, 'has no timestamp');
  must(metadata.CloudWatchMetrics.length > 0, 'has no directive');
  for (const directive of metadata.CloudWatchMetrics) {
    must(Object.keys(directive).sort().join() === 'Dimensions,Metrics,Namespace', 'has other members');
    must(isText(directive['Namespace'], 255), 'has no namespace');
    const sets = directive['Dimensions'] as readonly (readonly string[])[];
    must(sets.length >= 1, 'has no set of dimensions');
    for (const set of sets) {
      must(set.length <= 30, 'has a set of more than 30 dimensions');
      for (const name of set) {
        must(isText(name, 255) && /^(?!:)[\x20-\x7e]*\S[\x20-\x7e]*$/.test(name), `dimension ${name}`);
        const value = root[name];
        must(isText(value, 1_024) && /^[\x20-\x7e]*\S[\x20-\x7e]*$/.test(value), `value of ${name}`);
      }
    }
    const metrics = directive['Metrics'] as readonly Json[];
    must(metrics.length >= 1 && metrics.length <= 100, 'has no metrics or more than 100');
    must(new Set(metrics.map(({ Name }) => Name)).size === metrics.length, 'names a metric twice');
    for (const { Name, Unit, StorageResolution, ...others } of metrics) {
      must(isText(Name, 255), `metric ${String(Name)}`);
      must(Unit === undefined || (typeof Unit === 'string' && UNITS.test(Unit)), `unit ${String(Unit)}`);
      must(StorageResolution === undefined || [1, 60].includes(Number(StorageResolution)), 'resolution');
      must(Object.keys(others).length === 0, 'has other members in a metric');
      const values = [root[String(Name)]].flat();
      must(values.length >= 1 && values.length <= 100, `values of ${String(Name)}`);
      must(
        values.every((value) => typeof value === 'number' && Number.isFinite(value)),
        `value of ${String(Name)}`,
      );
    }
  }
  return problems;
}
