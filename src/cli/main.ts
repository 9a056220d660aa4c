#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { plain } from '../report/escape.ts';
import { addAction } from './action/action-arguments.ts';
import { AGENT_EXAMPLES, addAgent } from './agent/agent-arguments.ts';
import { addCapture, CAPTURE_EXAMPLES } from './capture-arguments.ts';
import { addCheck, CHECK_EXAMPLES } from './check/check-arguments.ts';
import { addDiff, DIFF_EXAMPLES } from './diff/diff-arguments.ts';
import { CommandError, EXIT } from './exit.ts';
import { addExplain, EXPLAIN_EXAMPLES } from './explain/explain-arguments.ts';
import { addGitDiffDriver } from './git-diff-driver.ts';
import { addRender, RENDER_EXAMPLES } from './render/render-arguments.ts';
import { talkOn } from './report.ts';
import { addSchema, SCHEMA_EXAMPLES } from './schema.ts';
import { addTrace, TRACE_EXAMPLES } from './trace/trace-arguments.ts';
import { VERSION } from './version.ts';
import type { Perform } from './world.ts';

const HELP = `
Examples:${RENDER_EXAMPLES}${AGENT_EXAMPLES}${TRACE_EXAMPLES}${EXPLAIN_EXAMPLES}${DIFF_EXAMPLES}${CHECK_EXAMPLES}${CAPTURE_EXAMPLES}${SCHEMA_EXAMPLES}

Exit codes: 0 done, 1 failed, 64 the command line is wrong.
`;

async function main(): Promise<number> {
	const talk = talkOn(process.stderr, process.env);
	const world = { stdin: process.stdin, stdout: process.stdout, talk };
	let code: number = EXIT.done;
	const perform: Perform = async (command) => {
		code = await command(world);
	};
	const program = new Command('nft-gen')
		.description(
			'Compiles Kubernetes Services into nftables rules for one node, as kube-proxy would treat every packet.',
		)
		.version(VERSION)
		.exitOverride()
		.showSuggestionAfterError()
		.addHelpText('after', HELP);
	addRender(program, perform);
	addAgent(program, perform);
	addTrace(program, perform);
	addExplain(program, perform);
	addDiff(program, perform);
	addCheck(program, perform);
	addCapture(program, perform);
	addSchema(program, perform);
	addAction(program, perform);
	addGitDiffDriver(program, perform);
	try {
		await program.parseAsync();
		return code;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
		if (!(error instanceof CommandError)) throw error;
		talk.line(`nft-gen: ${plain(error.message)}`);
		return error.code;
	}
}

// Who writes learns of an error by the write's own callback; a reader of messages that went away has no need of more.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

process.exitCode = await main();
