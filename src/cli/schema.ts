import { Argument, type Command } from 'commander';
import { EXIT } from './exit.ts';
import { writeResult } from './output.ts';
import type { Perform } from './world.ts';

/** Ways to use it. */
export const SCHEMA_EXAMPLES = `
  nft-gen schema diff > diff.schema.json`;

const HELP = `
Examples:${SCHEMA_EXAMPLES}
`;

/** Adds the command `schema` to the program. */
export function addSchema(program: Command, perform: Perform): void {
	program
		.command('schema')
		.description('Print the JSON Schema of what a command prints with --format json.')
		.addArgument(new Argument('<command>', 'whose').choices(['diff']))
		.addHelpText('after', HELP)
		.action(() =>
			perform(async ({ stdout }) => {
				// Loaded here only: other commands do without.
				const { diffSchema } = await import('../report/json-format.ts');
				await writeResult(null, diffSchema(), stdout);
				return EXIT.done;
			}),
		);
}
