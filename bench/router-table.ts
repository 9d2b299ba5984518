/**
 * The figures of `router.ts` as lines for a terminal, and as tables for the router's guide.
 * @module
 */
import type { Estimate } from './router-draws.js';
import type { Comparison, SetFigures } from './router-set-figures.js';
import type { Agreement } from './router-sets.js';

/** Where the strong tier gains nothing in some draws there is no share of the gain. */
const round = (value: number, digits: number): string =>
  value
    .toFixed(digits)
    .replace(/^-(0(?:\.0+)?)$/, '$1')
    .replace('Infinity', '∞');
const show = ({ value, interval95: [low, high] }: Estimate, digits = 3): string =>
  `${round(value, digits)} (${round(low, digits)} to ${round(high, digits)})`;
const percent = ({ value, interval95: [low, high] }: Estimate): string =>
  show({ value: 100 * value, interval95: [100 * low, 100 * high] }, 1);

function comparisonLines({ model, control, floor, aboveFloor }: Comparison, indent: string): string[] {
  const three = (figure: 'apgr' | 'callsFor50' | 'callsFor80', digits?: number): string =>
    `${show(model[figure], digits)}, control ${show(control[figure], digits)}, floor ${show(floor[figure], digits)}`;
  return [
    `${indent}APGR ${three('apgr')}; above the floor by ${show(aboveFloor)}`,
    `${indent}CPT(50) ${three('callsFor50', 1)}`,
    `${indent}CPT(80) ${three('callsFor80', 1)}`,
    `${indent}for 99 % of strong: cost saved ${percent(model.at99.saved)} %, control ${percent(control.at99.saved)} %`,
    `${indent}  quality kept ${percent(model.at99.shareOfStrongQuality)} %, as many by chance ${percent(model.at99.byChance)} %`,
    `${indent}calibration error ${show(model.calibrationError)}, control ${show(control.calibrationError)}`,
  ];
}

/** One set, for a terminal. */
export function linesOf(one: SetFigures): string {
  const { missedTargets: missed, microseconds } = one;
  return [
    `${one.set}, ${one.records} records`,
    ...comparisonLines(one, '  '),
    `  floor on the other half ${one.floorElsewhere ?? '-'}, best published ${one.published ?? '-'}`,
    `  with the task ${show(one.apgrWithTask)}, saved ${percent(one.at99WithTask.saved)} %, kept ${percent(one.at99WithTask.shareOfStrongQuality)} %; within tasks ${show(one.apgrWithinTasks)}, floor ${show(one.floorWithinTasks)}`,
    ...(missed === undefined
      ? []
      : [
          `  target missed in ${missed.missed} of ${missed.splits} splits at delta ${missed.delta}, cheap share ${missed.cheapShare.toFixed(3)}`,
        ]),
    `  abstained ${(100 * one.abstained).toFixed(1)} %; ${show(microseconds.median, 0)} µs a decision, p99 ${microseconds.p99.toFixed(0)} µs; training ${one.trainSeconds.toFixed(1)} s`,
    ...one.tasks.flatMap((task) => [
      `  within ${task.task}, ${task.records} records`,
      ...comparisonLines(task, '    '),
    ]),
    '',
  ].join('\n');
}

/** One agreement, for a terminal. */
export const agreementLine = ({ name, records, disagreement }: Agreement): string =>
  `${name}: of ${records} answers ${(100 * disagreement).toFixed(1)} % differ`;

const beside = (figure: Estimate, other: Estimate, text: (one: Estimate) => string): string =>
  `${text(figure)}; ${text(other)}`;
const tenths = (figure: Estimate): string => show(figure, 1);

type Named = { readonly name: string } & Comparison;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

const orders = (some: readonly Named[]): string[] =>
  table(
    ['', 'records', 'APGR', 'control', 'floor', 'above the floor', 'CPT(50)', 'CPT(80)'],
    some.map(({ name, records, model, control, floor, aboveFloor }) => [
      name,
      `${records}`,
      show(model.apgr),
      show(control.apgr),
      show(floor.apgr),
      show(aboveFloor),
      beside(model.callsFor50, control.callsFor50, tenths),
      beside(model.callsFor80, control.callsFor80, tenths),
    ]),
  );

const thresholds = (some: readonly Named[]): string[] =>
  table(
    ['', 'saved %', 'kept %', 'kept by chance %', 'calibration error'],
    some.map(({ name, model, control }) => [
      name,
      beside(model.at99.saved, control.at99.saved, percent),
      percent(model.at99.shareOfStrongQuality),
      percent(model.at99.byChance),
      beside(model.calibrationError, control.calibrationError, show),
    ]),
  );

/** What is reached and what is not, counted from the figures. */
function summary(results: readonly SetFigures[]): string[] {
  const names = (some: readonly SetFigures[]): string => some.map(({ set }) => set).join('; ') || 'none';
  const above = results.filter(({ aboveFloor }) => aboveFloor.interval95[0] > 0);
  const below = results.filter(({ aboveFloor }) => aboveFloor.value < 0);
  const clear = results.filter(({ model, floor }) => model.apgr.interval95[0] > floor.apgr.value);
  const published = results.filter(({ published: best }) => best !== undefined);
  const line = ({ set, model, published: best }: SetFigures): string =>
    `${set} ${model.apgr.value.toFixed(3)} (published ${best})`;
  return [
    `- Above the floor on the same folds, the interval of the difference above 0: ${names(above)}.`,
    `- The lower end of the model's own interval above the floor: ${names(clear)}.`,
    `- Below the floor: ${names(below)}.`,
    `- Beside the best published figure: ${published.map(line).join('; ')}.`,
  ];
}

/** All sets and the tasks in them, for the guide. */
export function pageOf(results: readonly SetFigures[], agreed: readonly Agreement[]): string {
  const sets = results.map((one): Named => ({ name: one.set, ...one }));
  const tasks = results.flatMap(({ set, tasks: own }) =>
    own.map((one): Named => ({ name: `${set}: ${one.task}`, ...one })),
  );
  return [
    ...summary(results),
    '',
    ...orders(sets),
    ...thresholds(sets),
    ...table(
      [
        '',
        'µs a decision',
        'p99',
        'abstained %',
        'target missed',
        'APGR with the task',
        'saved % with it',
        'kept % with it',
        'within tasks',
        'floor within tasks',
      ],
      results.map((one) => [
        one.set,
        show(one.microseconds.median, 0),
        one.microseconds.p99.toFixed(0),
        (100 * one.abstained).toFixed(1),
        one.missedTargets === undefined ? '' : `${one.missedTargets.missed} of ${one.missedTargets.splits}`,
        show(one.apgrWithTask),
        percent(one.at99WithTask.saved),
        percent(one.at99WithTask.shareOfStrongQuality),
        show(one.apgrWithinTasks),
        show(one.floorWithinTasks),
      ]),
    ),
    'Within each task of 200 records or more:',
    '',
    ...orders(tasks),
    ...thresholds(tasks),
    'Cheap models that must agree, for the default of `escalationShare`:',
    '',
    ...table(
      ['two cheap models', 'answers', 'differ %'],
      agreed.map(({ name, records, disagreement }) => [name, `${records}`, (100 * disagreement).toFixed(1)]),
    ),
  ].join('\n');
}

const BLOCK = /(<!-- router-figures:begin -->\n)[\s\S]*?(<!-- router-figures:end -->)/;

/** Writes tables between the markers of a page. */
export function fillFigures(page: string, tables: string): string {
  if (!BLOCK.test(page))
    throw new Error('the page has no <!-- router-figures:begin --> … <!-- router-figures:end -->');
  return page.replace(BLOCK, (_match, begin: string, end: string) => `${begin}\n${tables}\n${end}`);
}
