import { InvalidArgumentError } from 'commander';
import { type Cidr, type IpFamily, parseAddress, parseCidr } from '../model/ip.ts';
import { isDnsSubdomain, isLabelValue } from '../model/names.ts';
import type { DetectLocal, HintsMode, NodePortAddresses, Settings } from '../model/settings.ts';
import {
	type GateSettings,
	NEWEST_RELEASE,
	OLDEST_RELEASE,
	type Release,
	readRelease,
	releaseName,
} from '../versions/behaviour.ts';
import { NFT_WORDS } from './nft-words.ts';

// Readers of option values, for commander: each gives a value or says what it wants instead.

function refuse(wants: string): never {
	throw new InvalidArgumentError(`It wants ${wants}.`);
}

/** `ipv4`, `ipv6` or both, in the order of the tables. */
export function readFamilies(text: string): readonly IpFamily[] {
	const names = text.split(',');
	if (names.some((name) => name !== 'ipv4' && name !== 'ipv6')) refuse('ipv4, ipv6 or ipv4,ipv6');
	return (['ip', 'ip6'] as const).filter((family) => names.includes(family === 'ip' ? 'ipv4' : 'ipv6'));
}

/** Networks, separated by commas. */
export function readCidrs(text: string): readonly Cidr[] {
	return text.split(',').map((entry) => {
		const parsed = parseCidr(entry);
		return 'invalid' in parsed ? refuse(`networks such as 10.244.0.0/16, and "${entry}" is none`) : parsed.cidr;
	});
}

/** Addresses of the node, separated by commas, sorted by family. */
export function readNodeIps(text: string): Settings['nodeIps'] {
	const found: Record<IpFamily, string[]> = { ip: [], ip6: [] };
	for (const entry of text.split(',')) {
		const parsed = parseAddress(entry);
		if ('invalid' in parsed) refuse(`addresses, and "${entry}" is none`);
		else found[parsed.family].push(parsed.address);
	}
	return found;
}

/** What kube-proxy's --nodeport-addresses has words for. */
const NODE_PORT_WORDS: ReadonlyMap<string, string> = new Map([
	['all', '0.0.0.0/0,::/0'],
	['localhost', '127.0.0.0/8,::1/128'],
]);

/** `primary`, `all`, `localhost` or networks, mixed as one likes (kube-proxy's --nodeport-addresses). */
export function readNodePortAddresses(text: string): NodePortAddresses {
	const entries = text.split(',');
	const named = entries.filter((entry) => entry !== 'primary');
	const networks = named.flatMap((entry) => readCidrs(NODE_PORT_WORDS.get(entry) ?? entry));
	return { primary: named.length < entries.length, networks };
}

/** The longest interface names of Linux; nft wants room for the `*` after a prefix. */
const INTERFACE = /^[\w.-]{1,15}$/;
const INTERFACE_PREFIX = /^[\w.-]{1,14}$/;

/** The mode of telling pods from others, with the interface where it needs one. */
export function readDetectLocal(text: string): DetectLocal {
	if (text === 'cluster-cidr' || text === 'node-cidr' || text === 'none') return { mode: text };
	const [mode, ...names] = text.split(':');
	const name = names.join(':');
	if (mode === 'bridge' && INTERFACE.test(name)) return { mode, interface: name };
	if (mode === 'prefix' && INTERFACE_PREFIX.test(name)) return { mode, interface: name };
	return refuse('cluster-cidr, node-cidr, bridge:NAME, prefix:NAME or none');
}

/** Where hints come from. */
export function readHintsMode(text: string): HintsMode {
	if (text === 'as-is' || text === 'missing' || text === 'controller') return text;
	return refuse('as-is, missing or controller');
}

/** A release of Kubernetes. */
export function readKubernetesVersion(text: string): Release {
	const wants = `a version from ${releaseName(OLDEST_RELEASE)} to ${releaseName(NEWEST_RELEASE)}`;
	return readRelease(text) ?? refuse(wants);
}

/** Feature gates as kube-proxy's option has them: `NAME=true,NAME=false`. */
export function readFeatureGates(text: string): GateSettings {
	const entries = text.split(',').map((entry) => {
		const [, name = '', value] = /^(\w+)=(true|false)$/.exec(entry.trim()) ?? [];
		return name === ''
			? refuse(`NAME=true or NAME=false, with commas between, and "${entry}" is neither`)
			: ([name, value === 'true'] as const);
	});
	return new Map(entries);
}

/** A bit of the packet mark. */
export function readMasqueradeBit(text: string): number {
	return /^\d{1,2}$/.test(text) && Number(text) <= 31 ? Number(text) : refuse('a number from 0 to 31');
}

/** A name for the table; kube-proxy's is not ours to replace. */
export function readTableName(text: string): string {
	if (text === 'kube-proxy') refuse('another name: kube-proxy makes and removes the table of this one');
	if (NFT_WORDS.has(text)) refuse('another name: nft has a meaning for this word');
	return /^[A-Za-z][\w.-]{0,99}$/.test(text)
		? text
		: refuse('letters, digits, dots, hyphens and underscores after a letter');
}

/** The name of a Node. */
export function readNodeName(text: string): string {
	return isDnsSubdomain(text) ? text : refuse("a Node's name: lower-case letters, digits, inner hyphens and dots");
}

/** The value of the label topology.kubernetes.io/zone. */
export function readZone(text: string): string {
	const wants = 'the value of a zone label: letters, digits, inner hyphens, dots and underscores, 63 at the most';
	return text !== '' && isLabelValue(text) ? text : refuse(wants);
}
