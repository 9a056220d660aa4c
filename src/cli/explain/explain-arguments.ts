import { type Command, InvalidArgumentError, Option } from 'commander';
import type { IpFamily } from '../../model/ip.ts';
import { isDnsSubdomain } from '../../model/names.ts';
import type { ServiceName } from '../../trace/ends.ts';
import { CommandError, EXIT } from '../exit.ts';
import { addFiles, addNetworkOptions, type NetworkOptions, sourceRequest } from '../network-options.ts';
import { readNodeName } from '../options.ts';
import { readFamily, readServiceName } from '../read-ends.ts';
import type { Perform } from '../world.ts';
import type { ExplainRequest } from './explain.ts';

/** Ways to use it. */
export const EXPLAIN_EXAMPLES = `
  nft-gen explain svc:shop/web:http --node n1 -f cluster/
  nft-gen explain svc:shop/web --overload -f cluster/`;

const HELP = `
For each endpoint of the Service: whether the node uses it, and which field decided. For each policy: whether it is in force,
and what took precedence where it is not. For each address: what becomes of pods, of the node itself and of clients outside.

"cluster endpoints" are those for traffic under the policy Cluster, narrowed by hints; "local endpoints" are those on the
node, for traffic under the policy Local. With --overload: who gets how much of the traffic to the ClusterIP if every node
sends the same, before hints and policies narrow the endpoints and after.

Without a port every port of the Service is explained. Without a namespace it is "default".

Examples:
  nft-gen explain svc:shop/web:http --node n1 -f cluster/            why does n1 use these endpoints?
  nft-gen explain svc:shop/web --all-nodes -f cluster/               which nodes differ, and why?
  nft-gen explain svc:shop/web --overload -f cluster/                does the preference overload an endpoint?
  nft-gen explain svc:shop/web --overload --weight n1=5,n2=0 -f .    and if n1 sends five times as much, n2 nothing?
  nft-gen explain svc:shop/web --all-nodes --format json -f .        for programs

Exit codes: 0 done, whatever the answer; 1 failed, or there is no such name; 64 the command line is wrong.
`;

interface ExplainOptions extends NetworkOptions {
	readonly node?: string;
	readonly allNodes: boolean;
	readonly overload: boolean;
	readonly weight: readonly Weight[];
	readonly family: IpFamily | null;
	readonly format: ExplainRequest['format'];
}

/** Adds the command `explain` to the program. */
export function addExplain(program: Command, perform: Perform): void {
	const command = program
		.command('explain')
		.description('Tell why a node uses the endpoints it uses, and what each address of a Service does.')
		.argument('<service>', 'svc:NAMESPACE/NAME or svc:NAMESPACE/NAME:PORT', readServiceName)
		.addHelpText('after', HELP)
		.allowExcessArguments()
		.action((name: ServiceName, options: ExplainOptions, { args }: Command) =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { explainCommand } = await import('./explain.ts');
				return explainCommand(explainRequest(name, options, args.slice(1)), world);
			}),
		);
	addFiles(command)
		.option('--node <name>', 'the node to explain', readNodeName)
		.option('--all-nodes', 'all nodes, those with the same answer together', false)
		.option('--overload', 'who gets how much of the traffic if every node sends the same', false)
		.option(
			'--weight <weights>',
			'NODE=N, with commas between: what nodes send with --overload, 1 by default',
			readWeights,
			[],
		)
		.addOption(
			new Option('--family <family>', 'ipv4 or ipv6').default(null, 'each that the Service has').argParser(readFamily),
		)
		.addOption(new Option('--format <format>', 'for people or programs').choices(['text', 'json']).default('text'));
	addNetworkOptions(command);
}

type Weight = readonly [node: string, weight: number];

/** `NODE=N`, with commas between; the option can be repeated. */
function readWeights(text: string, others: readonly Weight[]): readonly Weight[] {
	const weights = text.split(',').map((entry): Weight => {
		const [, node = '', weight] = /^([^=]*)=(\d{1,9})$/.exec(entry) ?? [];
		if (isDnsSubdomain(node)) return [node, Number(weight)];
		throw new InvalidArgumentError(
			`It wants NODE=N, N a whole number, with commas between, and "${entry}" is not that.`,
		);
	});
	return [...others, ...weights];
}

function explainRequest(name: ServiceName, options: ExplainOptions, stray: readonly string[]): ExplainRequest {
	const refusal = whyNot(options);
	if (refusal !== null) throw new CommandError(refusal, EXIT.usage);
	const { node = null, allNodes, overload, weight, family, format } = options;
	const question = { name, node, allNodes, overload, weights: new Map(weight), family };
	return { ...sourceRequest(options, stray), question, format };
}

/** Why options make no sense together; null where they do. */
function whyNot({ node, allNodes, overload, weight, zone, nodeIp }: ExplainOptions): string | null {
	if (node !== undefined && allNodes) return 'pass --node or --all-nodes, not both';
	if (node === undefined && !allNodes && !overload) return 'which node? pass --node NAME, --all-nodes or --overload';
	if (weight.length > 0 && !overload) return '--weight says what nodes send, which only --overload asks for';
	const describesOne = zone !== null || nodeIp.ip.length + nodeIp.ip6.length > 0;
	return describesOne && (allNodes || overload)
		? '--zone and --node-ip say what one node is like; --all-nodes and --overload ask the Nodes of the input'
		: null;
}
