import { readFileSync } from 'node:fs';
import ts from 'typescript';

const OPTIONS_TYPE = /(Options|Config|Query|Budget)$/;

/** A field without a comment. */
export interface UndocumentedOption {
  readonly type: string;
  readonly field: string;
}

/** Finds the fields of exported option types that have no comment. */
export function undocumentedOptions(file: string): UndocumentedOption[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  return source.statements
    .filter(isExportedOptionsType)
    .flatMap(({ name, members }) =>
      members
        .filter((member) => member.name !== undefined && !hasComment(source, member))
        .map((member) => ({ type: name.text, field: member.name?.getText(source) ?? '' })),
    );
}

function isExportedOptionsType(statement: ts.Statement): statement is ts.InterfaceDeclaration {
  return (
    ts.isInterfaceDeclaration(statement) &&
    OPTIONS_TYPE.test(statement.name.text) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function hasComment(source: ts.SourceFile, member: ts.TypeElement): boolean {
  const comments = ts.getLeadingCommentRanges(source.text, member.getFullStart()) ?? [];
  return comments.some(({ pos }) => source.text.startsWith('/**', pos));
}
