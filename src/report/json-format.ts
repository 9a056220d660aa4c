import * as z from 'zod';

// The form of the JSON report. Grows its second number when fields are added, its first when programs have to be changed.

/** Which form it is. */
export const FORMAT_VERSION = '1.0';

const count = z.int().nonnegative();
const texts = z.array(z.string());
const severity = z.enum(['error', 'warn', 'info']);
const fingerprint = z.string().describe('12 hex digits that survive rebases, moved files and restarted Pods');

const side = z.object({
	source: z.string().describe('as it was named on the command line'),
	commit: z.string().nullable(),
	digest: z.string().describe('of everything that was read'),
	problems: z.object({ error: count, warning: count }).describe('what was wrong with the input'),
});

const place = z
	.object({ file: z.string(), line: count.nullable(), column: count.nullable() })
	.describe('lines and columns count from 1; null where they are not known');

const cause = z.object({
	object: z.string().describe('what was edited: Service shop/web'),
	path: z.string().describe('the field; empty for a whole object that came or left'),
	before: z.string().nullable(),
	after: z.string().nullable(),
	base: place.nullable().describe('null where the base side has none'),
	head: place.nullable().describe('null where the head side has none'),
});

const frontend = z.object({
	kind: z.enum(['cluster-ip', 'external-ip', 'load-balancer-ip', 'node-port', 'other-port']),
	family: z.enum(['ipv4', 'ipv6']),
	address: z.string().nullable().describe("null for the node's own addresses; ‹…› for one that is yet to be assigned"),
	port: count.nullable().describe('null for every other port, or one that is yet to be assigned'),
	protocol: z.enum(['tcp', 'udp', 'sctp']),
});

const client = z.object({
	kind: z.enum(['pod', 'endpoint', 'node', 'outside']),
	allowed_before: z.boolean().nullable().describe('whether it is in the source ranges; null where there are none'),
	allowed_after: z.boolean().nullable(),
	witness: z.string().describe('an address that stands for all'),
});

const treatment = z.object({
	kind: z.enum(['endpoints', 'refused', 'dropped', 'untouched']),
	endpoints: z.array(
		z.object({ target: z.string(), share: z.string().describe('exact: 1, 1/3'), masqueraded: z.boolean() }),
	),
	affinity_seconds: count.nullable(),
});

const flow = z
	.object({
		service: z.object({ namespace: z.string(), name: z.string(), port: z.string() }),
		frontend,
		client,
		nodes: texts,
		before: treatment,
		after: treatment,
	})
	.describe('connections of one class that these nodes treat differently');

const change = z.object({
	fingerprint,
	id: z.string().describe('stable, never reused'),
	severity,
	object: z.object({
		kind: z.enum(['Service', 'Node', 'Cluster']),
		namespace: z.string().nullable(),
		name: z.string().nullable(),
		port: z.string().nullable().describe('empty for a port without a name; null for a whole Service'),
	}),
	sentence: z.string(),
	before: z.string().nullable(),
	after: z.string().nullable(),
	nodes: texts,
	cohorts: texts.describe('ids of the cohorts that have it'),
	witness: z
		.object({
			node: z.string(),
			source: z.string(),
			destination: z.string().nullable(),
			port: count.nullable(),
			protocol: z.enum(['tcp', 'udp', 'sctp']),
		})
		.nullable()
		.describe('one connection that shows it'),
	cause: z.array(cause),
	hint: z.string().nullable(),
	waiver: z.object({ reason: z.string(), until: z.string() }).nullable().describe('why it does not count'),
	flows: z.array(flow),
});

const cohort = z.object({
	id: z.string(),
	node_count: count,
	nodes: texts,
	node_ranges: z.string(),
	label_selector: z.string().nullable(),
	representative: z.string(),
	changes: z.array(fingerprint),
	rules: z.object({ added: count, removed: count }).describe('on each of its nodes'),
	text: z.string().describe('unified diff of its representative, in canonical nft lines; empty where no rule changes'),
});

/** What `nft-gen diff --format json` prints. */
export const diffFormat = z
	.object({
		format_version: z.literal(FORMAT_VERSION),
		tool_version: z.string(),
		complete: z.boolean().describe('false where gaps says what is not known'),
		base: side,
		head: side,
		inputs: z.object({
			kubernetes_version: z.string(),
			nodes: count,
			services: count,
			endpoints: z
				.object({ manifests: count, captured: count, recomputed: count, unknown: count })
				.describe('how many service ports of the head side have their endpoints from where'),
		}),
		summary: z.object({
			error: count,
			warn: count,
			info: count,
			waived: count.describe('counted here only'),
			services: z.object({ changed: count, unchanged: count }),
			flow_classes: z.object({ total: count, changed: count }),
			untouched_rules: count.describe("on the first cohort's representative"),
		}),
		cohorts: z.array(cohort),
		changes: z.array(change).describe('errors first, then warnings, then the rest'),
		gates: z.array(z.object({ gate: z.string(), sentence: z.string() })).describe('those that failed'),
		gaps: texts,
	})
	.describe('What nft-gen diff found. Readers ignore fields that they do not know.');

export type DiffDocument = z.infer<typeof diffFormat>;

/** The JSON Schema of what `nft-gen diff --format json` prints, as `nft-gen schema diff` prints it. */
export function diffSchema(): string {
	return `${JSON.stringify({ $id: SCHEMA_ID, ...z.toJSONSchema(diffFormat, { io: 'input' }) }, null, '\t')}\n`;
}

const SCHEMA_ID = `urn:nft-gen:diff:${FORMAT_VERSION}`;
