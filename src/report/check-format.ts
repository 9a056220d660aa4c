import * as z from 'zod';

// The form of the JSON report of a check. Grows its second number when fields are added, its first when programs have to be changed.

/** Which form it is. */
export const CHECK_FORMAT_VERSION = '1.0';

const count = z.int().nonnegative();
const level = z.enum(['input', 'ruleset', 'policy', 'assertion', 'kernel']);

const place = z
	.object({ file: z.string(), line: count.nullable(), column: count.nullable() })
	.describe('lines and columns count from 1; null where they are not known');

const result = z.object({
	id: z.string().describe('stable, never reused'),
	level,
	severity: z.enum(['error', 'warn', 'info']).describe('how much it matters where it failed'),
	status: z.enum(['failed', 'ok', 'skipped']),
	fingerprint: z.string().describe('12 hex digits that survive rebases, moved lines and other nodes'),
	object: z.string().nullable().describe('Service shop/web; the name of an assertion'),
	sentence: z.string(),
	place: place.nullable().describe('null where nobody wrote it'),
	nodes: z.array(z.string()),
	hint: z.string().nullable(),
	witness: z
		.object({
			node: z.string(),
			connection: z.string(),
			outcome: z.string(),
			command: z.array(z.string()).nullable().describe('the arguments of the command that shows why'),
		})
		.nullable()
		.describe('one connection that shows it'),
});

/** What `nft-gen check --format json` prints. */
export const checkFormat = z
	.object({
		format_version: z.literal(CHECK_FORMAT_VERSION),
		tool_version: z.string(),
		complete: z.boolean().describe('false where gaps, a level or a result says what was not looked at'),
		source: z.string(),
		inputs: z.object({ kubernetes_version: z.string(), nodes: count, services: count }),
		summary: z
			.object({ error: count, warn: count, info: count, ok: count, skipped: count })
			.describe('results that failed by severity, and the others'),
		levels: z.array(z.object({ level, state: z.enum(['run', 'skipped', 'not-asked']), reason: z.string().nullable() })),
		results: z.array(result),
		gates: z.array(z.object({ gate: z.string(), sentence: z.string() })).describe('those that failed'),
		gaps: z.array(z.string()),
	})
	.describe('What nft-gen check found. Readers ignore fields that they do not know.');

export type CheckDocument = z.infer<typeof checkFormat>;

/** The JSON Schema of what `nft-gen check --format json` prints, as `nft-gen schema check` prints it. */
export function checkSchema(): string {
	const id = `urn:nft-gen:check:${CHECK_FORMAT_VERSION}`;
	return `${JSON.stringify({ $id: id, ...z.toJSONSchema(checkFormat, { io: 'input' }) }, null, '\t')}\n`;
}
