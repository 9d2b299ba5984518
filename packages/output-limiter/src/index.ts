export { BREVITY_INSTRUCTION, type OutputLimitOptions } from './output-limit-options.js';
export { outputLimitPlugin, withOutputLimit } from './with-output-limit.js';
