import { type Command, Option } from 'commander';
import { RESOURCES } from '../host/watch/resources.ts';
import type { Behaviour } from '../model/behaviour.ts';
import type { NetworkSettings, Settings } from '../model/settings.ts';
import {
	behaviourOf,
	type GateSettings,
	NEWEST_RELEASE,
	type Release,
	refuseGate,
	releaseName,
} from '../versions/behaviour.ts';
import { CommandError, EXIT } from './exit.ts';
import type { InputRequest, Source } from './input.ts';
import {
	readCidrs,
	readDetectLocal,
	readFamilies,
	readFeatureGates,
	readHintsMode,
	readKubernetesVersion,
	readMasqueradeBit,
	readNodeIps,
	readNodeName,
	readNodePortAddresses,
	readTableName,
	readZone,
} from './options.ts';

// The options of every command that asks about nodes: which node, of what input, and what the network is like.

/** What commander makes of the files or the live cluster. */
export interface SourceOptions {
	readonly filename: readonly string[];
	readonly kubeconfig?: string;
	readonly context?: string;
}

/** What commander makes of the network. */
export interface NetworkSelection {
	readonly clusterCidr: Settings['clusterCidrs'];
	readonly serviceCidr: Settings['serviceCidrs'];
	readonly nodeportAddresses: Settings['nodePortAddresses'];
	readonly masqueradeAll: boolean;
	readonly masqueradeBit: number;
	readonly detectLocal: Settings['detectLocal'];
	readonly families: Settings['families'];
	readonly table: string;
	readonly hints: Settings['hints'] | null;
	readonly kubernetesVersion: Release;
	readonly featureGates: GateSettings;
	readonly nodeIp: Settings['nodeIps'];
	readonly zone: string | null;
}

/** What commander makes of the files and the network. */
export interface NetworkOptions extends SourceOptions, NetworkSelection {}

/** The same, of a command for one node. */
export interface NodeOptions extends NetworkOptions {
	readonly node: string;
}

/** Adds the node, which is needed, and the files. */
export function addInputOptions(command: Command): Command {
	return addFiles(command.requiredOption('--node <name>', 'the node to make rules for', readNodeName));
}

/** Adds the files. */
export function addFiles(command: Command): Command {
	return command.option(
		'-f, --filename <path>',
		'file, folder (with all below) or - for standard input; repeatable; without it the live cluster is read',
		(path: string, others: readonly string[]) => [...others, path],
		[],
	);
}

/** Adds what the network is like, and which live cluster to ask. */
export function addNetworkOptions(command: Command): Command {
	command
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
		.optionsGroup('Release of Kubernetes:')
		.addOption(
			new Option('--kubernetes-version <version>', 'do what kube-proxy and the controllers of this version do')
				.default(NEWEST_RELEASE, releaseName(NEWEST_RELEASE))
				.argParser(readKubernetesVersion),
		)
		.addOption(
			new Option('--feature-gates <gates>', 'NAME=true or NAME=false, with commas between, as the cluster has them')
				.default(new Map(), "the version's")
				.argParser(readFeatureGates),
		)
		.optionsGroup('For input without Node objects:')
		.addOption(
			new Option('--node-ip <ips>', "the node's addresses, the primary one of each family first")
				.default({ ip: [], ip6: [] }, "the Node's")
				.argParser(readNodeIps),
		)
		.addOption(new Option('--zone <zone>', "the node's zone").default(null, "the Node's").argParser(readZone));
	return addClusterOptions(command);
}

/** Adds which live cluster to ask. */
export function addClusterOptions(command: Command): Command {
	return command
		.optionsGroup('Live cluster:')
		.option('--kubeconfig <file>', "kubeconfig (default: as kubectl finds it, or the Pod's own account)")
		.option('--context <name>', 'context of the kubeconfig');
}

/**
 * What the options of a command for one node ask for.
 * @param stray words of the command line that belong to no option
 * @throws CommandError where they make no sense together
 */
export function inputRequest(options: NodeOptions, stray: readonly string[]): InputRequest {
	const { network, ...source } = sourceRequest(options, stray);
	return { ...source, settings: { ...network, node: options.node } };
}

/**
 * What the same options ask for where no node, or more than one, is named.
 * @param stray words of the command line that belong to no option
 * @throws CommandError where they make no sense together
 */
export function sourceRequest(
	options: NetworkOptions,
	stray: readonly string[],
): Source & { readonly network: NetworkSettings } {
	return {
		...sourceOf(options, stray),
		network: networkSettings(options, options.filename.length > 0 ? 'missing' : 'as-is'),
	};
}

/**
 * What the options say of the network.
 * @param hints where the options do not say where they come from
 * @throws CommandError where they make no sense together
 */
export function networkSettings(options: NetworkSelection, hints: Settings['hints']): NetworkSettings {
	return {
		behaviour: behaviour(options),
		families: options.families,
		table: options.table,
		clusterCidrs: options.clusterCidr,
		serviceCidrs: options.serviceCidr,
		nodePortAddresses: options.nodeportAddresses,
		hints: options.hints ?? hints,
		masqueradeAll: options.masqueradeAll,
		masqueradeBit: options.masqueradeBit,
		detectLocal: options.detectLocal,
		nodeIps: options.nodeIp,
		zone: options.zone,
	};
}

/**
 * What the options ask for where nothing is said of the network.
 * @param stray words of the command line that belong to no option
 * @throws CommandError where they make no sense together
 */
export function sourceOf(options: SourceOptions, stray: readonly string[]): Source {
	if (stray.length > 0) throw new CommandError(`"${stray[0]}" is no option; write -f before each file`, EXIT.usage);
	if (options.filename.length > 0 && (options.kubeconfig !== undefined || options.context !== undefined)) {
		throw new CommandError(
			'-f names files, --kubeconfig and --context a live cluster; pass one or the other',
			EXIT.usage,
		);
	}
	return {
		files: options.filename,
		kubeconfig: options.kubeconfig ?? null,
		context: options.context ?? null,
		resources: RESOURCES,
	};
}

function behaviour({ kubernetesVersion, featureGates }: NetworkSelection): Behaviour {
	const refusals = [...featureGates].flatMap(([name, enabled]) => refuseGate(name, enabled, kubernetesVersion) ?? []);
	if (refusals[0] !== undefined) throw new CommandError(refusals[0], EXIT.usage);
	return behaviourOf(kubernetesVersion, featureGates);
}
