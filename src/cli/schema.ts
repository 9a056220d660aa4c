import { Argument, type Command } from 'commander';
import { EXIT } from './exit.ts';
import { writeResult } from './output.ts';
import type { Perform } from './world.ts';

/** Ways to use it. */
export const SCHEMA_EXAMPLES = `
  nft-gen schema diff > diff.schema.json
  nft-gen schema config > nft-gen.schema.json             for an editor of nft-gen.yaml`;

const HELP = `
Examples:${SCHEMA_EXAMPLES}
`;

/** Loaded only when asked for: other commands do without. */
const SCHEMAS: Readonly<Record<string, () => Promise<string>>> = {
	diff: async () => (await import('../report/json-format.ts')).diffSchema(),
	check: async () => (await import('../report/check-format.ts')).checkSchema(),
	'diff-targets': async () => (await import('../report/targets-format.ts')).targetsSchema(),
	config: async () => (await import('../config/shape.ts')).configSchema(),
};

/** Adds the command `schema` to the program. */
export function addSchema(program: Command, perform: Perform): void {
	program
		.command('schema')
		.description('Print the JSON Schema of what a command prints with --format json, or of nft-gen.yaml.')
		.addArgument(new Argument('<what>', 'of what').choices(Object.keys(SCHEMAS)))
		.addHelpText('after', HELP)
		.action((name: string) =>
			perform(async ({ stdout }) => {
				await writeResult(null, (await SCHEMAS[name]?.()) ?? '', stdout);
				return EXIT.done;
			}),
		);
}
