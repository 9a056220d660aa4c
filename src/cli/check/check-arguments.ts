import { type Command, Option } from 'commander';
import { addConfigOptions } from '../config-options.ts';
import { addNetworkOptions } from '../network-options.ts';
import type { Perform } from '../world.ts';

/** Ways to use it. */
export const CHECK_EXAMPLES = `
  nft-gen check deploy --cluster cluster.json.gz
  nft-gen check deploy --assert nft-gen.assert.yaml --format junit -o check.xml`;

const HELP = `
SRC is a folder, a file, - for standard input, REVISION:PATH of the git repository one is in, a capture made by nft-gen capture, or
live:CONTEXT for a live cluster. Without it each target of nft-gen.yaml is checked. With --cluster it is laid over what was captured,
as nft-gen diff does.

Looked at, in this order: the input; the rules made of it (what nft -c lets pass); traps in policies; what --assert FILE asserts; with
--kernel, what a real kernel makes of the rules, in a namespace of its own.
docs/check.md lists all lints and traps.

Entries of --assert, as YAML or JSON:
  - { name: web is reachable, from: pod:any, to: svc:shop/web:http, expect: delivered, min_endpoints: 2 }
  - { name: admin is internal, from: external, to: svc:shop/admin, expect: unreachable }
  - { name: edge sees clients, from: external, to: lb:edge/ingress:https, expect: { source: preserved }, nodes: pool=edge }

Examples:${CHECK_EXAMPLES}
  nft-gen check live: --fail-on warn --severity external-local-gap=info
  nft-gen check deploy --lint selector-matches-nothing,target-port-unresolved

Exit codes: 0 done; 1 failed; 3 something failed that is as bad as --fail-on or worse; 4 the answer is incomplete, with --strict;
64 the command line is wrong. Of several, the first of 64, 1, 3, 4.
`;

/** Adds the command `check` to the program. */
export function addCheck(program: Command, perform: Perform): void {
	const command = program
		.command('check')
		.description('Tell what is wrong with manifests or a cluster: input, rules, traps in policies, broken assertions.')
		.argument('[src]', 'what is checked')
		.addHelpText('after', HELP)
		.action((source: string | undefined) =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { checkAsAsked } = await import('./check-asked.ts');
				return checkAsAsked(source ?? null, command, world);
			}),
		);
	command
		.option('--cluster <source>', 'a capture or a live cluster, over which the source is laid')
		.option('--assert <file>', 'assertions about connections')
		.option('--kernel', 'load the rules of some nodes into a namespace and read them back; no root is needed', false)
		.option('--lint <ids>', 'only these lints and traps, with commas between (default: all)')
		.optionsGroup('Output:')
		.addOption(
			new Option('--format <format>', 'for a terminal, test reports, code scanning, or programs')
				.choices(['text', 'tap', 'junit', 'sarif', 'json'])
				.default('text'),
		)
		.option('-o, --output <file>', 'write here instead of standard output; whole or not at all')
		.optionsGroup('Gates:')
		.addOption(
			new Option('--fail-on <severity>', 'exit 3 for a result of this severity or a worse one')
				.choices(['error', 'warn', 'info', 'never'])
				.default('error'),
		)
		.option(
			'--severity <id=level>',
			'another severity for a lint or trap; repeatable',
			(text: string, others: readonly string[]) => [...others, text],
			[],
		)
		.option('--strict', 'exit 4 when the answer is incomplete', false);
	addConfigOptions(command);
	addNetworkOptions(command);
}
