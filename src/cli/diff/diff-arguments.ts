import { type Command, InvalidArgumentError, Option } from 'commander';
import { addConfigOptions } from '../config-options.ts';
import { addNetworkOptions } from '../network-options.ts';
import type { Perform } from '../world.ts';
import type { DiffRequest } from './diff.ts';
import type { DiffOptions } from './diff-request.ts';

/** Ways to use it. */
export const DIFF_EXAMPLES = `
  nft-gen diff                                            in a repository with nft-gen.yaml
  nft-gen diff main:deploy deploy
  nft-gen diff main:deploy HEAD:deploy --cluster cluster.json.gz --format markdown > comment.md`;

const HELP = `
BASE and HEAD are each a folder, a file, - for standard input, REVISION:PATH of the git repository one is in (git:REVISION:PATH
where a file is called so too), a capture made by nft-gen capture, or live:CONTEXT for a live cluster.

Without both, each target of nft-gen.yaml is compared: what the working tree has at its path, against the commit where HEAD left
the branch that the change is for (docs/configuration.md). With both, nft-gen.yaml counts where --target or --config names it.

Every kind of client is followed to every address of every Service on every node, before and after; no packet is sent. What
differs is told as findings (docs/findings.md), with the line of YAML that did it. With --kernel the rules of both sides are loaded
into a namespace and real packets sent through them; exit code 1 when they do not do what the findings say.

A repository seldom holds EndpointSlices and Nodes. With --cluster each side is laid over what was captured: endpoints of changed
selectors and ports are found among the captured Pods, hints are computed, what the API server has yet to assign stays a ‹symbol›.

Examples:${DIFF_EXAMPLES}
  nft-gen diff main:deploy deploy --fail-on error --only-affects shop/web --max-removed-percent 30
  nft-gen diff main:deploy deploy --severity client-ip-hidden=error --ignore accepted.yaml
  nft-gen diff before.json after.json --view text          the rules themselves, as a unified diff

Entries of --ignore: a list of { fingerprint: a3f8c21b9d04, reason: "…", until: 2026-12-31 }, or id and object in place of fingerprint.

Exit codes: 0 done, also with changes; 1 failed; 2 something changes, with --detailed-exitcode; 3 a gate failed (--fail-on,
--only-affects, --max-removed-percent); 4 the answer is incomplete, with --strict; 64 the command line is wrong.
Of several, the first of 64, 1, 3, 4, 2.
`;

/** Adds the command `diff` to the program. */
export function addDiff(program: Command, perform: Perform): void {
	const command = program
		.command('diff')
		.description('Tell which clients reach which endpoints differently after a change, on which nodes, and why.')
		.argument('[base]', 'what is')
		.argument('[head]', 'what would be')
		.addHelpText('after', HELP)
		.action((base: string | undefined, head: string | undefined, _options: DiffOptions) =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { diffAsAsked } = await import('./diff-asked.ts');
				return diffAsAsked({ base, head }, command, world);
			}),
		);
	addOutputOptions(command);
	addGates(command);
	addConfigOptions(command).option(
		'--base <revision>',
		'the branch a change is for (default: that of the target, else origin/HEAD, main or master)',
	);
	addNetworkOptions(command);
}

function addOutputOptions(command: Command): void {
	command
		.option('--cluster <source>', 'a capture or a live cluster, over which each side is laid')
		.option('--kernel', 'replay what changes with real packets, in a namespace; no root is needed', false)
		.optionsGroup('Output:')
		.addOption(
			new Option(
				'--format <format>',
				'for a terminal, a pull request, programs, as a patch of rules, or for code scanning',
			)
				.choices(FORMATS)
				.default('text'),
		)
		.addOption(
			new Option('--view <layers>', 'what the text tells: behaviour, rules, text')
				.default(readViews('behaviour,rules'), 'behaviour,rules')
				.argParser(readViews),
		)
		.option('--full', 'list what else is only counted', false)
		.option('-o, --output <file>', 'write here instead of standard output; whole or not at all')
		.option('--write <format=file>', 'another report of the same comparison, to a file; repeatable', addWrite, [])
		.option('--key <name>', 'of a Markdown comment: tells comments on several clusters apart', '')
		.option('--link-base <url>', 'of a Markdown comment: makes file names links, such as https://…/blob/COMMIT/')
		.option('--since-comment <file>', 'of a Markdown comment: the one it replaces, to tell what is new since');
}

function addGates(command: Command): void {
	command
		.optionsGroup('Gates:')
		.addOption(
			new Option('--fail-on <severity>', 'exit 3 for a finding of this severity or a worse one')
				.choices(['error', 'warn', 'info', 'never'])
				.default('never'),
		)
		.option('--severity <id=level>', 'another severity for a finding; repeatable', addText, [])
		.option('--only-affects <namespace/name>', 'exit 3 when anything else changes; repeatable', addText, [])
		.addOption(
			new Option('--max-removed-percent <percent>', 'exit 3 when more of 10 or more Services lose all endpoints or go')
				.default(null, 'no limit')
				.argParser(readPercent),
		)
		.option('--ignore <file>', 'findings that are accepted for a while')
		.option('--detailed-exitcode', 'exit 2 when something changes', false)
		.option('--strict', 'exit 4 when the answer is incomplete', false);
}

const FORMATS = ['text', 'markdown', 'json', 'patch', 'sarif'] as const;

function addWrite(text: string, others: DiffRequest['writes']): DiffRequest['writes'] {
	const [, name, file = ''] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
	const format = FORMATS.find((each) => each === name);
	if (format === undefined)
		throw new InvalidArgumentError(`It wants FORMAT=FILE, the format one of ${FORMATS.join(', ')}.`);
	return [...others, { format, file }];
}

const VIEWS = ['behaviour', 'rules', 'text'] as const;

function readViews(text: string): DiffOptions['view'] {
	return new Set(
		text.split(',').map((name) => {
			const view = VIEWS.find((each) => each === name);
			if (view === undefined) throw new InvalidArgumentError(`It wants ${VIEWS.join(', ')}, with commas between.`);
			return view;
		}),
	);
}

function addText(text: string, others: readonly string[]): readonly string[] {
	return [...others, text];
}

function readPercent(text: string): number {
	if (!/^\d{1,3}$/.test(text) || Number(text) > 100) throw new InvalidArgumentError('It wants a number from 0 to 100.');
	return Number(text);
}
