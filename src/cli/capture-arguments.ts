import type { Command } from 'commander';
import { WITH_PODS } from '../host/watch/resources.ts';
import type { CaptureRequest } from './capture.ts';
import { addClusterOptions, addFiles, type SourceOptions, sourceOf } from './network-options.ts';
import type { Perform } from './world.ts';

/** Ways to use it. */
export const CAPTURE_EXAMPLES = `
  nft-gen capture -o cluster.json.gz                            (from the live cluster)`;

const HELP = `
What it keeps: Nodes, Services, EndpointSlices, ServiceCIDRs and Pods; of Pods their labels, addresses, node, readiness and named
ports. No environment, volumes, images or annotations. A cluster that did not change gives the same file, byte for byte.
Where it is read: by every -f, and by "nft-gen diff --cluster".

Examples:${CAPTURE_EXAMPLES}
  nft-gen capture -o - --context prod > prod.json.gz

Exit codes: 0 done, 1 failed, 64 the command line is wrong.
`;

interface CaptureOptions extends SourceOptions {
	readonly output: string;
}

/** Adds the command `capture` to the program. */
export function addCapture(program: Command, perform: Perform): void {
	const command = program
		.command('capture')
		.description('Save what a preview needs to know of a cluster: addresses, endpoints, labels; nothing secret.')
		.addHelpText('after', HELP)
		.allowExcessArguments()
		.action((options: CaptureOptions, { args }: Command) =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { captureCommand } = await import('./capture.ts');
				return captureCommand(captureRequest(options, args), world);
			}),
		);
	addFiles(command).requiredOption('-o, --output <file>', 'write here, whole or not at all; - for standard output');
	addClusterOptions(command);
}

function captureRequest({ output, ...options }: CaptureOptions, stray: readonly string[]): CaptureRequest {
	return { ...sourceOf(options, stray), resources: WITH_PODS, output: output === '-' ? null : output };
}
