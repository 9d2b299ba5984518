import type { SparseRow } from './encoding.js';
import { logOdds, probabilityOf } from './linear-head.js';
import { logisticRegressions, sparseMatrix } from './logistic-regression.js';

/** What the other tiers and the task say of a grade counts as much as the grade itself. */
const OTHERS_SHARE = 0.5;

/** The grades of one record. */
export interface Grades {
  readonly cheap: number;
  readonly strong: number;
  /** Those of further tiers, in one order for all records; `undefined`: not graded. */
  readonly others: readonly (number | undefined)[];
  readonly task: string | undefined;
}

/** The grades that the two tiers are taken to have had. */
export interface SoftGrades {
  readonly cheap: number;
  readonly strong: number;
}

/** A column for each task where there are several, then one for each further tier: how far its grade is from its mean. */
function sideRows(grades: readonly Grades[]): {
  readonly rows: readonly SparseRow[];
  readonly columns: number;
} {
  const names = [...new Set(grades.map(({ task }) => task))];
  const taskColumns = new Map(names.length > 1 ? names.map((task, column) => [task, column]) : []);
  const tiers = grades[0]?.others.length ?? 0;
  const means = Array.from({ length: tiers }, (_, tier) => {
    const given = grades.flatMap(({ others }) => others[tier] ?? []);
    return given.reduce((sum, grade) => sum + grade / given.length, 0);
  });
  const rows = grades.map(({ task, others }): SparseRow => {
    const indices: number[] = [];
    const values: number[] = [];
    const column = taskColumns.get(task);
    if (column !== undefined) {
      indices.push(column);
      values.push(1);
    }
    others.forEach((grade, tier) => {
      if (grade === undefined) return;
      indices.push(taskColumns.size + tier);
      values.push(grade - means[tier]!);
    });
    return { indices, values };
  });
  return { rows, columns: taskColumns.size + tiers };
}

/**
 * Takes chance out of grades before a model learns from them. One answer that is right or wrong says little about how hard
 * a prompt is; what other tiers made of it and how its task goes say more. Half of each grade is replaced by what they
 * foretell of it, learned on the other folds.
 */
export function softenGrades(
  grades: readonly Grades[],
  foldOf: ArrayLike<number>,
  folds: number,
): readonly SoftGrades[] {
  const { rows, columns } = sideRows(grades);
  if (columns === 0) return grades;
  const soft: SoftGrades[] = [...grades];
  for (let fold = 0; fold < folds; fold += 1) {
    const own = grades.map((_, at) => at).filter((at) => foldOf[at] !== fold);
    const heads = logisticRegressions(
      sparseMatrix(
        own.map((at) => rows[at]!),
        columns,
      ),
      [own.map((at) => grades[at]!.cheap), own.map((at) => grades[at]!.strong)],
    );
    grades.forEach(({ cheap, strong }, at) => {
      if (foldOf[at] !== fold) return;
      const [foretoldCheap, foretoldStrong] = heads.map((head) => probabilityOf(logOdds(head, rows[at]!)));
      soft[at] = {
        cheap: (1 - OTHERS_SHARE) * cheap + OTHERS_SHARE * foretoldCheap!,
        strong: (1 - OTHERS_SHARE) * strong + OTHERS_SHARE * foretoldStrong!,
      };
    });
  }
  return soft;
}
