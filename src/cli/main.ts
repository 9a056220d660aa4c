#!/usr/bin/env node
import { runProgram } from './program.ts';

// Who writes learns of an error by the write's own callback; a reader of messages that went away has no need of more.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

process.exitCode = await runProgram(process.argv.slice(2));
