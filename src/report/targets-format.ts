import * as z from 'zod';
import { diffFormat } from './json-format.ts';

// The form of the JSON report of several targets.

/** Which form it is. */
export const TARGETS_VERSION = '1.0';

/** What `nft-gen diff --format json` prints for several targets. */
export const targetsFormat = z
	.object({
		format_version: z.literal(TARGETS_VERSION),
		targets: z.array(
			z.object({
				name: z.string(),
				exit_code: z.int().nonnegative().describe("the target's own"),
				error: z.string().nullable().describe('why there is no report'),
				report: diffFormat.nullable(),
			}),
		),
	})
	.describe(
		'What nft-gen diff found for several targets of nft-gen.yaml. Readers ignore fields that they do not know.',
	);

export type TargetsDocument = z.infer<typeof targetsFormat>;

/** The JSON Schema of what `nft-gen diff --format json` prints for several targets. */
export function targetsSchema(): string {
	const id = `urn:nft-gen:diff-targets:${TARGETS_VERSION}`;
	return `${JSON.stringify({ $id: id, ...z.toJSONSchema(targetsFormat, { io: 'input' }) }, null, '\t')}\n`;
}
