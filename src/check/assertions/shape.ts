// All of it as `z`, and not the `z` it exports, as src/intake/shapes.ts says.
import * as z from 'zod';

// The shape of an entry of the file of assertions. Each message says what is wanted.

const A_TEXT = 'a text';
const FATES = 'delivered, unreachable, refused or dropped, or an object';
const COUNT = 'a whole number from 0';
const ENDPOINTS = 'a list of pod:NAMESPACE/NAME and ADDRESS:PORT';
const NODES = 'all, a label selector such as pool=edge, or names of nodes';

const count = z.int(COUNT).nonnegative(COUNT).optional();

/** What else can be asked of connections that are delivered. */
const conditions = {
	source: z.enum(['preserved', 'masqueraded'], 'preserved or masqueraded').optional(),
	min_endpoints: count,
	max_endpoints: count,
	to: z
		.array(z.string(ENDPOINTS).regex(/^pod:[^/]+\/[^/]+$|^[\d.]+:\d+$|^\[[\da-fA-F:.]+\]:\d+$/, ENDPOINTS), ENDPOINTS)
		.optional(),
	same_zone: z.literal(true, 'true').optional(),
	same_node: z.literal(true, 'true').optional(),
};

export const conditionsShape = z.strictObject(conditions, FATES);

export const fateShape = z.enum(['delivered', 'unreachable', 'refused', 'dropped'], FATES);

export const entryShape = z.strictObject(
	{
		name: z.string(A_TEXT).min(1, A_TEXT),
		from: z.string('pod:any, pod:NAMESPACE/NAME, node, external or ip:ADDRESS'),
		to: z.string('svc:NAMESPACE/NAME:PORT, lb:NAMESPACE/NAME:PORT, nodeport:PORT or ip:ADDRESS:PORT'),
		expect: z.union([z.string(), z.record(z.string(), z.unknown())], FATES),
		nodes: z.union([z.string(), z.array(z.string())], NODES).optional(),
		family: z.enum(['ipv4', 'ipv6'], 'ipv4 or ipv6').optional(),
		min_endpoints: count,
		max_endpoints: count,
	},
	'an assertion with name, from, to and expect',
);

/** Names of fields by which a mistyped one is guessed. */
export const FIELDS: readonly string[] = [...Object.keys(entryShape.shape), ...Object.keys(conditions)];

export type Entry = z.infer<typeof entryShape>;
export type Conditions = z.infer<typeof conditionsShape>;
