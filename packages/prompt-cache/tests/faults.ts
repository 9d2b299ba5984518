/**
 * Faults in the planner's own decisions, as somebody might make them: what a checker of plans must catch.
 * @module
 */
import type { PlantedFault } from '../../../tools/vitest/planted-fault.js';

/** By what goes wrong. */
export const FAULTS: Readonly<Record<string, PlantedFault>> = {
  "the caller's own points are not counted": {
    file: 'plan-view.ts',
    replace: 'freePoints: rules.maxPoints - kept.length,',
    by: 'freePoints: rules.maxPoints,',
  },
  'one point too many': {
    file: 'choose-points.ts',
    replace: '.slice(0, freePoints)',
    by: '.slice(0, freePoints + 1)',
  },
  "the caller's own points are dropped": {
    file: 'plan-view.ts',
    replace: 'conditions.modelChanged ? acceptableOwnPoints(view, rules) : own;',
    by: 'conditions.modelChanged ? acceptableOwnPoints(view, rules) : [];',
  },
  'the rules of one family for all': {
    file: 'model-cache-rules.ts',
    replace: 'return { ...rules, resolved, carriers: pointCarriers(model.dialect) };',
    by: "return { ...rules, sections: ['tools', 'system', 'messages'], resolved, carriers: pointCarriers('anthropic') };",
  },
  'points behind blocks that the family does not take': {
    file: 'find-places.ts',
    replace: 'if (!rules.carriers.has(block.kind)) return false;',
    by: '',
  },
  'points behind reasoning': {
    file: 'point-carriers.ts',
    replace: "anthropic: new Set(['toolSpec',",
    by: "anthropic: new Set(['reasoning', 'toolSpec',",
  },
  'points behind documents of any format': {
    file: 'point-carriers.ts',
    replace: "anthropic: new Set(['toolSpec',",
    by: "anthropic: new Set(['document', 'toolSpec',",
  },
  'points behind video': {
    file: 'point-carriers.ts',
    replace: "nova: new Set(['text'])",
    by: "nova: new Set(['text', 'video'])",
  },
  'points behind tool results of Nova': {
    file: 'point-carriers.ts',
    replace: "nova: new Set(['text'])",
    by: "nova: new Set(['text', 'toolResult'])",
  },
  'an hour on models that have none': {
    file: 'plan-view.ts',
    replace: "choice !== '5m' && rules.ttls.includes('1h') && ",
    by: "choice !== '5m' && ",
  },
  "an hour behind the caller's five minutes": {
    file: 'plan-view.ts',
    replace: " && kept.every((point) => point.ttl === '1h');",
    by: ';',
  },
  'an hour behind five minutes': {
    file: 'choose-points.ts',
    replace: "return { place, ttl: index < longSegments ? '1h' : '5m', entry };",
    by: "return { place, ttl: index < longSegments && longSegments <= depth ? '5m' : '1h', entry };",
  },
  'points for models that have no cache': {
    file: 'model-cache-rules.ts',
    replace: 'if (rules === undefined)\n    return {',
    by: "if (rules === undefined) return { minTokens: 1024, maxPoints: 4, ttls: ['5m'], sections: ['system'], explicit: true, implicit: false, resolved, carriers: pointCarriers('anthropic') };\n  if (rules === undefined)\n    return {",
  },
  'points for models that cache by themselves': {
    file: 'model-cache-rules.ts',
    replace: 'if (!rules.explicit)\n    return {',
    by: "if (!rules.explicit) return { ...rules, sections: ['system'], maxPoints: 4, resolved, carriers: pointCarriers('anthropic') };\n  if (!rules.explicit)\n    return {",
  },
  'the minimum counted for each block alone': {
    file: 'find-places.ts',
    replace: 'if (tokens < rules.minTokens) return undefined;',
    by: 'if ((perBlock[index] ?? 0) < 4 * rules.minTokens) return undefined;',
  },
  'no minimum': {
    file: 'find-places.ts',
    replace:
      'if (tokens < rules.minTokens) return undefined;\n    const { total, low, high } = estimate.through(index);\n    const likely = (total + low) / 2;',
    by: 'const { total, high } = estimate.through(index);\n    const likely = total + 1e9;',
  },
  'no maximum': {
    file: 'find-places.ts',
    replace: 'if (rules.maxTokens !== undefined && high > rules.maxTokens) return undefined;',
    by: '',
  },
  'every forecast taken for too bad': {
    file: 'choose-points.ts',
    replace: 'if (saved > best.saved) best',
    by: 'if (saved > 1e18) best',
  },
  'points a block too late': {
    file: 'plan-view.ts',
    replace: 'const point = { afterBlock, purpose, section, tokens: Math.round(tokens) };',
    by: 'const point = { afterBlock: afterBlock + 1, purpose, section, tokens: Math.round(tokens) };',
  },
};

/** Faults that show only from one turn of a conversation to the next. */
export const FAULTS_BETWEEN_TURNS: Readonly<Record<string, PlantedFault>> = {
  'no place where the request before wrote': {
    file: 'constants.ts',
    replace: 'export const EARLIER_TURNS = 4;',
    by: 'export const EARLIER_TURNS = 0;',
  },
  'the last turn only': {
    file: 'plan-cache-points.ts',
    replace: 'conversation ? places.turns.slice(-2) : []',
    by: 'conversation ? places.turns.slice(-1) : []',
  },
};
