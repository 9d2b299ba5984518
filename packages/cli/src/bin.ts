#!/usr/bin/env node
import process from 'node:process';
import { leaveOutputToReaders } from './leave-output-to-readers.js';
import { runProgram } from './run-program.js';

// The SDK's advice to the users of applications says nothing to the users of this command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

leaveOutputToReaders();
await runProgram(process.argv.slice(2));
