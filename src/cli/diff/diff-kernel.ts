import { openSandbox } from '../../host/sandbox/sandbox.ts';
import type { NotReplayed, Replay } from '../../model/replay.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import type { Preview } from '../../preview.ts';
import { replay } from '../../proof/replay.ts';
import type { Show } from '../../render/templates.ts';
import { CommandError, EXIT } from '../exit.ts';

/**
 * Replays what a comparison says with real packets, in namespaces of its own.
 * @throws CommandError when the kernel does not take a ruleset, or packets cannot be sent
 */
export async function replayPreview(
	{ changes, compared }: Preview,
	network: NetworkSettings,
	show: Show,
): Promise<Replay | NotReplayed> {
	const { before, after } = compared;
	if ((before.nodes.length === 0) !== (after.nodes.length === 0)) {
		return { kind: 'not-replayed', why: 'only one side has Nodes, so there is no node of which both have rules' };
	}
	const preferred = changes.cohorts.map(({ representative }) => representative);
	try {
		return await replay({ ...compared, network, preferred, show }, openSandbox);
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(`the replay on the kernel failed: ${why}`, EXIT.failed, { cause });
	}
}

/** Whether real packets were treated otherwise than the comparison says. */
export function isRefuted(replayed: Replay | NotReplayed | null): boolean {
	return replayed?.kind === 'replayed' && replayed.mismatches.length + replayed.strays.length > 0;
}
