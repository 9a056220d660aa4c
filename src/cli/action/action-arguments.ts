import type { Command } from 'commander';
import type { Perform } from '../world.ts';

const HELP = `
These are the steps of the GitHub Action, action.yml and comment/action.yml; docs/github-action.md tells how to use it. They take
everything from the environment: the inputs as INPUT_…, and what GitHub gives every step.
`;

/** Adds the command `action` to the program. */
export function addAction(program: Command, perform: Perform): void {
	const action = program
		.command('action')
		.description('Run as a step of the GitHub Action.')
		.addHelpText('after', HELP);
	action
		.command('preview')
		.description('Compare, and write the summary, the annotations, the outputs and the reports.')
		.action(() =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { actionPreview } = await import('./action-preview.ts');
				return actionPreview(world, process.env);
			}),
		);
	action
		.command('comment')
		.description('Write what was found as a comment on the pull request, in place of the earlier one.')
		.action(() =>
			perform(async (world) => {
				const { actionComment } = await import('./action-comment.ts');
				return actionComment(world, process.env);
			}),
		);
}
