import { ClusterError } from '../kubeconfig.ts';
import { Silence } from './connection.ts';
import type { Keeping } from './keeping.ts';
import { ask } from './requests.ts';

/** Anybody may ask for it, and it costs the API server nothing. Whatever it answers, it is there. */
const QUESTION = '/version';

/**
 * Doubts a watch that is silent. Behind a proxy, or under a kernel that still answers, the API server may hang and its
 * connections live on; a quiet cluster is silent for a minute too. So it is asked something else, and the watch is given
 * up only when that is not answered either. What it returns ends the doubt.
 * @param giveUp told why the watch is to be begun anew
 */
export function doubt<Kept>(keeping: Keeping<Kept>, giveUp: (why: Silence) => void): () => void {
	const { access, clock, limits, stats } = keeping;
	const stop = new AbortController();
	const signal = AbortSignal.any([keeping.signal, stop.signal]);
	let cancel = () => {};

	const wait = (ms: number) => {
		cancel = clock.after(ms, () => void look());
	};
	const look = async () => {
		const left = limits.doubtMs - (clock.now() - (stats.lastContact ?? 0));
		if (left > 0) return wait(left);
		const asked = clock.now();
		const answers = await isThere();
		if (signal.aborted) return;
		const heardMeanwhile = (stats.lastContact ?? 0) >= asked;
		if (answers || heardMeanwhile) wait(limits.doubtMs);
		else giveUp(new Silence(`nothing came for ${limits.doubtMs / 1000} s, and ${QUESTION} is not answered either`));
	};
	const isThere = async () => {
		try {
			await ask(access, QUESTION, { silenceMs: limits.proofMs, signal });
			return true;
		} catch (error) {
			// Credentials that cannot be read say nothing of the API server.
			return !(error instanceof ClusterError);
		}
	};

	wait(limits.doubtMs);
	return () => {
		stop.abort();
		cancel();
	};
}
