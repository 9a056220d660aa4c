import type { Loadable } from '../../model/loadable.ts';
import { applyNft } from '../nft/nft.ts';
import type { NftOptions, NftRun } from '../nft/nft-process.ts';
import type { NotStarted } from './start-prober.ts';

/** Nft reads all that is there before each piece: more of them would take minutes. */
const MOST_PIECES = 100;

/**
 * Loads a ruleset, in one transaction where the kernel takes it. In a user namespace it takes small ones only (fault 49).
 * @returns why it cannot be loaded here, though there is nothing wrong with it; null when it is loaded
 * @throws Error with what nft says of it
 */
export async function loadRuleset({ whole, pieces }: Loadable, nft: NftOptions): Promise<NotStarted | null> {
	const run = await applyNft(whole, nft);
	const isTooLong = run.outcome === 'refused' && run.messages.some((message) => message.reason === 'EMSGSIZE');
	if (!isTooLong) {
		expectDone(run);
		return null;
	}
	const texts = pieces();
	if (texts.length > MOST_PIECES) return { why: TOO_LARGE };
	for (const text of texts) expectDone(await applyNft(text, nft));
	return null;
}

const TOO_LARGE = 'a ruleset is too large for a user namespace, where the kernel takes 200 kB at once (run it as root)';

function expectDone(run: NftRun): void {
	if (run.outcome === 'done') return;
	if (run.outcome !== 'refused') throw new Error(`nft ${run.outcome}${'reason' in run ? `: ${run.reason}` : ''}`);
	const [first] = run.messages;
	const where = first?.line == null ? '' : `line ${first.line}: `;
	throw new Error(`the kernel does not take the ruleset: ${where}${first?.message ?? 'nft says nothing'}`);
}
