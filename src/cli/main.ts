#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { CommandError, EXIT } from './exit.ts';
import {
	readCidrs,
	readDetectLocal,
	readFamilies,
	readHintsMode,
	readMasqueradeBit,
	readNodeIps,
	readNodeName,
	readNodePortAddresses,
	readTableName,
	readZone,
} from './options.ts';
import { type RenderRequest, renderCommand } from './render.ts';
import { plain, talkOn } from './report.ts';

const VERSION = '0.1.0';

const EXAMPLES = `
Examples:
  nft-gen render --node n1 -f cluster/ > rules.nft
  kubectl get services,endpointslices,nodes -A -o yaml | nft-gen render --node n1 -f -
  nft-gen render --node n1 -o /etc/nftables.d/services.nft      (from the live cluster)

Exit codes: 0 done, 1 failed, 64 the command line is wrong.
`;

const RENDER_HELP = `
What comes in: Service, EndpointSlice, Node and ServiceCIDR objects; other kinds are passed over. YAML, JSON, lists.
What goes out: a script for "nft -f" that replaces the tables "ip nft-gen" and "ip6 nft-gen" in one transaction.
What is wrong with an object is one line on standard error; the object is left out and the rest is compiled.
${EXAMPLES}`;

function renderOptions(command: Command): Command {
	return command
		.requiredOption('--node <name>', 'the node to make rules for', readNodeName)
		.option(
			'-f, --filename <path>',
			'file, folder (with all below) or - for standard input; repeatable; without it the live cluster is read',
			(path: string, others: readonly string[]) => [...others, path],
			[],
		)
		.option('-o, --output <file>', 'write here instead of standard output; whole or not at all')
		.option('--strict', 'write nothing and exit 1 when the input has errors', false)
		.optionsGroup('Network options (kube-proxy has the same):')
		.option('--cluster-cidr <cidrs>', "pod network of each family (default: the Nodes' podCIDRs)", readCidrs, [])
		.option(
			'--service-cidr <cidrs>',
			'Service networks, to drop what no Service has (default: the ServiceCIDR objects)',
			readCidrs,
			[],
		)
		.addOption(
			new Option(
				'--nodeport-addresses <list>',
				'where NodePorts answer: primary, all, localhost (nowhere), or networks',
			)
				.default(readNodePortAddresses('primary'), 'primary')
				.argParser(readNodePortAddresses),
		)
		.option('--masquerade-all', 'masquerade all traffic to ClusterIPs', false)
		.option('--masquerade-bit <bit>', 'bit of the packet mark that asks for masquerading', readMasqueradeBit, 14)
		.addOption(
			new Option(
				'--detect-local <mode>',
				'how pods are told from others: cluster-cidr, node-cidr, bridge:NAME, prefix:NAME, none',
			)
				.default({ mode: 'cluster-cidr' }, 'cluster-cidr')
				.argParser(readDetectLocal),
		)
		.addOption(
			new Option('--families <list>', 'families to make tables for: ipv4, ipv6 or both')
				.default(readFamilies('ipv4,ipv6'), 'ipv4,ipv6')
				.argParser(readFamilies),
		)
		.option('--table <name>', 'name of the tables', readTableName, 'nft-gen')
		.optionsGroup('Endpoints:')
		.addOption(
			new Option(
				'--hints <mode>',
				'topology hints: as-is (as the slices say), missing (computed for Services that ask for some and have none), controller (computed for all)',
			)
				.default(null, 'missing for files, as-is for a live cluster')
				.argParser(readHintsMode),
		)
		.optionsGroup('For input without Node objects:')
		.addOption(
			new Option('--node-ip <ips>', "the node's addresses, the primary one of each family first")
				.default({ ip: [], ip6: [] }, "the Node's")
				.argParser(readNodeIps),
		)
		.addOption(new Option('--zone <zone>', "the node's zone").default(null, "the Node's").argParser(readZone))
		.optionsGroup('Live cluster:')
		.option('--kubeconfig <file>', "kubeconfig (default: as kubectl finds it, or the Pod's own account)")
		.option('--context <name>', 'context of the kubeconfig')
		.optionsGroup('Output:')
		.option('--templates <folder>', 'your own Handlebars templates, file by file over the built-in ones');
}

interface RenderOptions {
	readonly node: string;
	readonly filename: readonly string[];
	readonly output?: string;
	readonly strict: boolean;
	readonly clusterCidr: RenderRequest['settings']['clusterCidrs'];
	readonly serviceCidr: RenderRequest['settings']['serviceCidrs'];
	readonly nodeportAddresses: RenderRequest['settings']['nodePortAddresses'];
	readonly masqueradeAll: boolean;
	readonly masqueradeBit: number;
	readonly detectLocal: RenderRequest['settings']['detectLocal'];
	readonly families: RenderRequest['settings']['families'];
	readonly table: string;
	readonly hints: RenderRequest['settings']['hints'] | null;
	readonly nodeIp: RenderRequest['settings']['nodeIps'];
	readonly zone: string | null;
	readonly kubeconfig?: string;
	readonly context?: string;
	readonly templates?: string;
}

function renderRequest(options: RenderOptions, stray: readonly string[]): RenderRequest {
	if (stray.length > 0) throw new CommandError(`"${stray[0]}" is no option; write -f before each file`, EXIT.usage);
	if (options.filename.length > 0 && (options.kubeconfig !== undefined || options.context !== undefined)) {
		throw new CommandError(
			'-f names files, --kubeconfig and --context a live cluster; pass one or the other',
			EXIT.usage,
		);
	}
	return {
		files: options.filename,
		output: options.output ?? null,
		strict: options.strict,
		kubeconfig: options.kubeconfig ?? null,
		context: options.context ?? null,
		templates: options.templates ?? null,
		settings: {
			node: options.node,
			families: options.families,
			table: options.table,
			clusterCidrs: options.clusterCidr,
			serviceCidrs: options.serviceCidr,
			nodePortAddresses: options.nodeportAddresses,
			hints: options.hints ?? (options.filename.length > 0 ? 'missing' : 'as-is'),
			masqueradeAll: options.masqueradeAll,
			masqueradeBit: options.masqueradeBit,
			detectLocal: options.detectLocal,
			nodeIps: options.nodeIp,
			zone: options.zone,
		},
	};
}

async function main(): Promise<number> {
	const talk = talkOn(process.stderr, process.env);
	const world = { stdin: process.stdin, stdout: process.stdout, talk };
	let code: number = EXIT.done;
	const program = new Command('nft-gen')
		.description(
			'Compiles Kubernetes Services into nftables rules for one node, as kube-proxy would treat every packet.',
		)
		.version(VERSION)
		.exitOverride()
		.showSuggestionAfterError()
		.addHelpText('after', EXAMPLES);
	const render = program
		.command('render')
		.description("Print a node's complete ruleset, made from files or a live cluster.")
		.addHelpText('after', RENDER_HELP)
		.allowExcessArguments()
		.action(async (options: RenderOptions, command: Command) => {
			code = await renderCommand(renderRequest(options, command.args), world);
		});
	renderOptions(render);
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
