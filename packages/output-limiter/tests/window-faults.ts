/**
 * Faults in what decides about windows, as somebody might make them: what a checker of windows must catch.
 * @module
 */
import type { PlantedFault } from '../../../tools/vitest/planted-fault.js';

const fault = (replace: string, by: string, file: string = 'replay-window.ts'): PlantedFault => ({
  file,
  replace,
  by,
});

/** By what goes wrong. */
export const WINDOW_FAULTS: Readonly<Record<string, PlantedFault>> = {
  'results of tools begin a turn': fault(
    "&& !content.some((block) => 'toolResult' in block && block.toolResult !== undefined)",
    '&& content.length >= 0',
    'turns.ts',
  ),
  'every message is a turn': fault(
    'if (index === 0 || beginsTurn(message, messages[index - 1]))',
    'if (index >= 0)',
  ),
  'the first turn may go': fault('let oldest = 1;', 'let oldest = 0;'),
  'the current turn may go': fault('next < turns.length - 1 &&', 'next < turns.length &&'),
  'what must stay may go': fault('if (turn.kept) continue;', ''),
  'only the last message of a turn is asked whether it must stay': fault(
    "current.kept ||= message.role === 'system' || rule",
    'current.kept = rule',
  ),
  'a full window loses as little as possible': fault('rest > maxTokens * cutBackTo;', 'rest > maxTokens;'),
  'a window moves before it is full': fault(
    'if (total <= maxTokens) continue;',
    'if (total <= maxTokens * cutBackTo) continue;',
  ),
  'what was left out still counts': fault('    total = rest;\n', ''),
  'what stays goes, and what goes stays': fault(
    'if (turn.left) left.add(index);',
    'if (!turn.left) left.add(index);',
  ),
  'one turn too few is left out': fault(
    'for (const turn of leaving) turn.left = true;',
    'for (const turn of leaving.slice(1)) turn.left = true;',
  ),
  'newer turns go first': fault(
    'const turn = turns[next] as Turn;',
    'const turn = turns[turns.length - 1 - next] as Turn;\n      if (turn === undefined || turn.left) continue;',
  ),
};
