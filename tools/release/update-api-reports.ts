import { parseArgs } from 'node:util';
import { compareApiReports } from './api-reports.js';

// `pnpm api:update`: accepts what the packages export now. With `--check` it only says what is not accepted yet.
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const differences = compareApiReports({ update: !values.check });
process.stdout.write(differences.map((line) => `${line}\n`).join(''));
process.exitCode = values.check && differences.length > 0 ? 1 : 0;
