import type { Analysis } from '../types.js';
/** x */
export function renderReport(analysis: Analysis): string { return String(analysis.calls); }
