import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit.ts';
import { addFiles, addNetworkOptions, inputRequest, type NetworkOptions, sourceRequest } from '../network-options.ts';
import { readNodeName } from '../options.ts';
import type { Perform } from '../world.ts';
import { type RenderRequest, renderCommand } from './render.ts';
import type { RenderAllRequest } from './render-all.ts';

/** Ways to use it. */
export const RENDER_EXAMPLES = `
  nft-gen render --node n1 -f cluster/ > rules.nft
  kubectl get services,endpointslices,nodes -A -o yaml | nft-gen render --node n1 -f -
  nft-gen render --node n1 -o /etc/nftables.d/services.nft      (from the live cluster)
  nft-gen render --all-nodes -f cluster/ -o rendered/           (NODE.nft for each)`;

const HELP = `
What comes in: Service, EndpointSlice, Node, ServiceCIDR and Pod objects, as YAML, JSON or lists; no other kinds.
What goes out: a script for "nft -f" that replaces the tables "ip nft-gen" and "ip6 nft-gen" in one transaction.
What is wrong with an object is one line on standard error; the object is left out and the rest is compiled.

Examples:${RENDER_EXAMPLES}

Exit codes: 0 done, 1 failed, 64 the command line is wrong.
`;

interface RenderOptions extends NetworkOptions {
	readonly node?: string;
	readonly allNodes: boolean;
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
			perform(async (world) => {
				if (!options.allNodes) return renderCommand(renderRequest(options, args), world);
				// Loaded here only: most look at one node.
				const { renderAllCommand } = await import('./render-all.ts');
				return renderAllCommand(renderAllRequest(options, args), world);
			}),
		);
	command
		.option('--node <name>', 'the node to make rules for', readNodeName)
		.option('--all-nodes', 'write a file NODE.nft for every Node, to the folder named by -o', false);
	addFiles(command)
		.option('-o, --output <file>', 'write here instead of standard output; whole or not at all')
		.option('--strict', 'write nothing and exit 1 when the input has errors', false);
	addNetworkOptions(command)
		.optionsGroup('Output:')
		.option('--templates <folder>', 'your own Handlebars templates, file by file over the built-in ones');
}

function renderRequest({ node, ...options }: RenderOptions, stray: readonly string[]): RenderRequest {
	if (node === undefined) throw wrong("required option '--node <name>' not specified, nor --all-nodes");
	return {
		...inputRequest({ ...options, node }, stray),
		output: options.output ?? null,
		strict: options.strict,
		templates: options.templates ?? null,
	};
}

function renderAllRequest(options: RenderOptions, stray: readonly string[]): RenderAllRequest {
	const { output, nodeIp, zone } = options;
	if (options.node !== undefined) throw wrong('--node is one node and --all-nodes are all; pass one or the other');
	if (output === undefined) throw wrong('--all-nodes writes files; name their folder with -o');
	if (zone !== null || nodeIp.ip.length + nodeIp.ip6.length > 0) {
		throw wrong('--zone and --node-ip are of one node; with --all-nodes the Node objects say it');
	}
	return {
		...sourceRequest(options, stray),
		output,
		strict: options.strict,
		templates: options.templates ?? null,
	};
}

function wrong(sentence: string): CommandError {
	return new CommandError(sentence, EXIT.usage);
}
