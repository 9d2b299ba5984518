#!/usr/bin/env node
// Stands in the repository, so that the command can be linked before the first build.
import './dist/bundle/bin.js';
