import { captureBytes } from '../host/capture-file.ts';
import { capturedObjects } from '../overlay/captured-objects.ts';
import { EXIT } from './exit.ts';
import { readInput, type Source } from './input.ts';
import { writeResult } from './output.ts';
import { kindCounts } from './report.ts';
import type { World } from './world.ts';

/** What the command line asked for. */
export interface CaptureRequest extends Source {
	/** null is standard output */
	readonly output: string | null;
}

/** Labels and addresses are nobody else's business, though no secrets. */
const OWNER_ONLY = 0o600;

/**
 * `nft-gen capture`: saves what a preview needs to know of a cluster.
 * @returns the exit code
 * @throws CommandError when a live cluster cannot be read, or the file not be written
 */
export async function captureCommand(request: CaptureRequest, world: World): Promise<number> {
	const { made } = await readInput(request, world, capturedObjects);
	if (made.objects.length === 0) {
		world.talk.line('nft-gen: nothing was written: there is no Service, EndpointSlice, Node or Pod in the input');
		return EXIT.failed;
	}
	await writeResult(request.output, captureBytes(made.objects), world.stdout, OWNER_ONLY);
	world.talk.line(`captured ${kindCounts(made.read)}`);
	return EXIT.done;
}
