import { Command } from 'commander';
import { addInputOptions, addNetworkOptions, inputRequest } from '../../src/cli/network-options.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compiled, type TestRuleset } from '../support/compiled.ts';
import { inputComment } from './input-comment.ts';
import { ABOUT_NODES, nodes } from './policies.ts';

/** One golden file: what it is made of, and what is to be seen in it. */
export interface GoldenCase {
	/** of the file, without its ending */
	readonly name: string;
	/** what the rules are to say, in a sentence */
	readonly note: string;
	readonly objects: readonly unknown[];
	/** Where they are not the usual four. */
	readonly nodes?: readonly unknown[];
	/** options of the command line */
	readonly flags?: readonly string[];
	/** codes of the problems that are reported, in their order */
	readonly problems?: readonly string[];
}

/** The ruleset of a golden file. */
export function goldenRuleset(each: GoldenCase): TestRuleset {
	return compiled([...(each.nodes ?? nodes()), ...each.objects], settingsOf(each.flags ?? []));
}

/** The content of a golden file, and the codes of the problems that its input has. */
export function goldenFile(each: GoldenCase): { readonly content: string; readonly problems: readonly string[] } {
	const { text, problems } = goldenRuleset(each);
	const about = [
		each.nodes === undefined ? ABOUT_NODES : 'Rules of node n1.',
		each.note,
		...(each.flags === undefined ? [] : [`Options: ${each.flags.join(' ')}`]),
	];
	const comment = inputComment(about.join('\n'), [...(each.nodes ?? []), ...each.objects]);
	return { content: `${comment}\n${text}`, problems: problems.map(({ code }) => code) };
}

/** What options mean, as the command line reads them. */
function settingsOf(flags: readonly string[]): Settings {
	const command = addNetworkOptions(addInputOptions(new Command())).exitOverride();
	command.parse(['--node', 'n1', '--filename', 'golden', ...flags], { from: 'user' });
	return inputRequest(command.opts(), command.args).settings;
}
