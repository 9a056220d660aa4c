import type { Command } from 'commander';
import { addInputOptions, addNetworkOptions, inputRequest, type NodeOptions } from './network-options.ts';
import { type RenderRequest, renderCommand } from './render.ts';
import type { Perform } from './world.ts';

/** Ways to use it. */
export const RENDER_EXAMPLES = `
  nft-gen render --node n1 -f cluster/ > rules.nft
  kubectl get services,endpointslices,nodes -A -o yaml | nft-gen render --node n1 -f -
  nft-gen render --node n1 -o /etc/nftables.d/services.nft      (from the live cluster)`;

const HELP = `
What comes in: Service, EndpointSlice, Node, ServiceCIDR and Pod objects, as YAML, JSON or lists; no other kinds.
What goes out: a script for "nft -f" that replaces the tables "ip nft-gen" and "ip6 nft-gen" in one transaction.
What is wrong with an object is one line on standard error; the object is left out and the rest is compiled.

Examples:${RENDER_EXAMPLES}

Exit codes: 0 done, 1 failed, 64 the command line is wrong.
`;

interface RenderOptions extends NodeOptions {
	readonly output?: string;
	readonly strict: boolean;
	readonly templates?: string;
}

/** Adds the command `render` to the program. */
export function addRender(program: Command, perform: Perform): void {
	const command = program
		.command('render')
		.description("Print a node's complete ruleset, made from files or a live cluster.")
		.addHelpText('after', HELP)
		.allowExcessArguments()
		.action((options: RenderOptions, { args }: Command) =>
			perform((world) => renderCommand(renderRequest(options, args), world)),
		);
	addInputOptions(command)
		.option('-o, --output <file>', 'write here instead of standard output; whole or not at all')
		.option('--strict', 'write nothing and exit 1 when the input has errors', false);
	addNetworkOptions(command)
		.optionsGroup('Output:')
		.option('--templates <folder>', 'your own Handlebars templates, file by file over the built-in ones');
}

function renderRequest(options: RenderOptions, stray: readonly string[]): RenderRequest {
	return {
		...inputRequest(options, stray),
		output: options.output ?? null,
		strict: options.strict,
		templates: options.templates ?? null,
	};
}
