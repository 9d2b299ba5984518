import { compareApiReports } from './api-reports.js';

// `pnpm api:update`: accepts what the packages export now.
process.stdout.write(
  compareApiReports({ update: true })
    .map((line) => `${line}\n`)
    .join(''),
);
