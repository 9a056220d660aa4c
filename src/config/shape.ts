// All of it as `z`, and not the `z` it exports, as src/intake/shapes.ts says.
import * as z from 'zod';

// The form of nft-gen.yaml. Each message says what the shape wants. What the values of network settings may be is not said
// here: the readers of the options of the same names know.

/** Which form it is. */
export const CONFIG_VERSION = '1.0';

const TEXT = 'a text';
const TEXTS = 'a text or a list of texts';
const YES_NO = 'true or false';
const NAME = 'letters, digits, inner hyphens, dots and underscores, 63 at the most';
const LEVELS = ['error', 'warn', 'info'] as const;
const LEVEL = 'error, warn or info';
const FAIL_ON = 'error, warn, info or never';
const PERCENT = 'a whole number from 0 to 100';
const BIT = 'a whole number from 0 to 31';

const text = z.string(TEXT).min(1, 'a text that is not empty');
const texts = z.union([text, z.array(text).min(1)], TEXTS);

/** Settings of a target that are options of commands too, by the options' names. */
const optionShape = z.object({
	'cluster-cidr': texts.describe('pod network of each family'),
	'service-cidr': texts.describe('Service networks'),
	'nodeport-addresses': texts.describe('where NodePorts answer: primary, all, localhost, or networks'),
	'masquerade-all': z.boolean(YES_NO).describe('masquerade all traffic to ClusterIPs'),
	'masquerade-bit': z.int(BIT).min(0, BIT).max(31, BIT).describe('bit of the packet mark that asks for masquerading'),
	'detect-local': text.describe('cluster-cidr, node-cidr, bridge:NAME, prefix:NAME or none'),
	families: texts.describe('ipv4, ipv6 or both'),
	table: text.describe('name of the tables'),
	hints: text.describe('topology hints: as-is, missing or controller'),
	'kubernetes-version': text.describe('in quotes: "1.30" is a text, 1.30 is the number 1.3'),
	'feature-gates': z
		.record(z.string(), z.boolean(YES_NO), 'a map of names to true or false')
		.describe('as the cluster has them'),
	'node-ip': texts.describe("the node's addresses, for input without Nodes"),
	zone: text.describe("the node's zone, for input without Nodes"),
	'fail-on': z.enum([...LEVELS, 'never'], FAIL_ON).describe('the least severity that fails'),
	severity: z
		.record(z.string(), z.enum(LEVELS, LEVEL), 'a map of ids to error, warn or info')
		.describe('other severities, by id'),
	'only-affects': texts.describe('what is meant to change: NAMESPACE/NAME, or NAMESPACE for all in it'),
	'max-removed-percent': z
		.int(PERCENT)
		.min(0, PERCENT)
		.max(100, PERCENT)
		.describe('how many of 10 or more Services may lose all endpoints or go'),
	strict: z.boolean(YES_NO).describe('fail when the answer is incomplete'),
});

/** Settings that have another form than an option, or none. */
const sourceShape = z.object({
	path: text.describe('folder or file with the manifests; like all paths, from the folder of this file'),
	cluster: text.describe('a capture, or live:CONTEXT for a live cluster, over which manifests are laid'),
	base: text.describe('the branch that changes are for; they are compared with where they left it'),
	ignore: z
		.union([text, z.array(z.unknown())], 'the name of a file or a list of entries')
		.describe('findings that are accepted for a while'),
	assertions: text.describe('a file of assertions for nft-gen check'),
});

const settings = z.object({ ...sourceShape.shape, ...optionShape.shape }).partial();

const target = z.strictObject(
	{
		name: z
			.string(NAME)
			.regex(/^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/, NAME)
			.describe('also the key of its comment on a pull request'),
		...settings.shape,
	},
	'a target: a name and settings',
);

export const configShape = z
	.strictObject(
		{
			defaults: z
				.strictObject(settings.shape, 'a map of settings')
				.describe('for every target that does not say otherwise')
				.nullish(),
			targets: z
				.array(target, 'a list of targets')
				.min(1, 'a list of at least one target')
				.describe('what is compared and checked: mostly one for each cluster'),
		},
		'a map with targets in it',
	)
	.describe('The clusters that a repository has manifests of, and how changes to them are judged.');

export type Settings = z.infer<typeof settings>;

/** The names of settings that are options of commands. */
export type OptionKey = keyof typeof optionShape.shape;

export const OPTION_KEYS: readonly OptionKey[] = optionShape.keyof().options;

/** All keys that may stand at a place: at the top, in the defaults, or in a target. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
	if (path.length === 0) return Object.keys(configShape.shape);
	return path[0] === 'targets' ? Object.keys(target.shape) : Object.keys(settings.shape);
}

/** The JSON Schema of nft-gen.yaml, as `nft-gen schema config` prints it. */
export function configSchema(): string {
	const id = `urn:nft-gen:config:${CONFIG_VERSION}`;
	return `${JSON.stringify({ $id: id, ...z.toJSONSchema(configShape, { io: 'input' }) }, null, '\t')}\n`;
}
