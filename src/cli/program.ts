import { Command, CommanderError } from 'commander';
import { plain } from '../report/escape.ts';
import { CommandError, EXIT } from './exit.ts';
import { addRender } from './render/render-arguments.ts';
import { talkOn } from './report.ts';
import { VERSION } from './version.ts';
import type { Perform } from './world.ts';

/**
 * Runs the command that the command line names.
 * @param words the command line without the program
 * @returns the exit code
 */
export async function runProgram(words: readonly string[]): Promise<number> {
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
		.showSuggestionAfterError();
	await addCommands(program, perform, words[0]);
	try {
		await program.parseAsync(words, { from: 'user' });
		return code;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
		if (!(error instanceof CommandError)) throw error;
		talk.line(`nft-gen: ${plain(error.message)}`);
		return error.code;
	}
}

/** Most starts are to render, often many of them: the other commands are not even loaded for it. */
async function addCommands(program: Command, perform: Perform, asked: string | undefined): Promise<void> {
	if (asked === 'render') {
		addRender(program, perform);
		return;
	}
	const { commandsFor, HELP } = await import('./commands.ts');
	program.addHelpText('after', HELP);
	for (const add of commandsFor(asked)) add(program, perform);
}
