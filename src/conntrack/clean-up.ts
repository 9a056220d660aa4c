import type { IpFamily } from '../model/ip.ts';
import type { FlowFilter, FlowPattern, UdpFlow } from '../model/udp-flow.ts';
import { newStaleFlows, type WhenNoneServes } from './stale-flows.ts';
import type { UdpServicePort } from './udp-service-port.ts';

/** How something asked of the kernel's connection tracking went. */
export type FlowsRun =
	| { readonly outcome: 'done' }
	/** it may go better next time */
	| { readonly outcome: 'failed'; readonly reason: string }
	/** it cannot be used on this machine: the program or a module is missing, or the right to use it */
	| { readonly outcome: 'off'; readonly reason: string };

/** The kernel's connection tracking table. Nothing may take longer than the milliseconds it is given. */
export interface FlowTable {
	readonly list: (
		family: IpFamily,
		filter: FlowFilter,
		onFlow: (flow: UdpFlow) => void,
		milliseconds: number,
	) => Promise<FlowsRun>;
	readonly forget: (
		family: IpFamily,
		pattern: FlowPattern,
		milliseconds: number,
	) => Promise<FlowsRun & { readonly deleted: number }>;
}

/** What to clean up. */
export interface CleanUpRequest {
	readonly family: IpFamily;
	readonly ports: Iterable<UdpServicePort>;
	readonly whenNoneServes: WhenNoneServes;
	/** After so many milliseconds what is left stays for another time. */
	readonly timeLimit: number;
}

/** What a clean-up did. */
export interface CleanUp {
	/**
	 * - `done`: none of what is due is stale any more;
	 * - `unfinished`: some may be, and the same service ports are to be looked at again;
	 * - `off`: nothing can be done about it on this machine.
	 */
	readonly outcome: 'done' | 'unfinished' | 'off';
	/** why it is not done, in words for an operator */
	readonly reason: string | null;
	/** flows that were looked at */
	readonly listed: number;
	/** flows that were forgotten */
	readonly deleted: number;
	readonly milliseconds: number;
}

/** The time that listing may take, in parts of the whole. */
const LISTING = 0.5;

/**
 * Forgets the flows of some UDP service ports that go to endpoints which do not serve, or to nobody: those were sent before
 * the rules were there. To be called once the kernel has the rules for these service ports. What a listing found that broke
 * off is used, as kube-proxy does after EINTR (`CleanStaleEntries` in its `pkg/proxy/conntrack/cleanup.go`, reference 6).
 */
export async function cleanUp(table: FlowTable, request: CleanUpRequest): Promise<CleanUp> {
	const start = performance.now();
	const spent = () => performance.now() - start;
	const stale = newStaleFlows(request.ports, request.whenNoneServes);
	let listed = 0;
	if (stale.filter === null) return { outcome: 'done', reason: null, listed, deleted: 0, milliseconds: spent() };
	const onFlow = (flow: UdpFlow) => {
		listed++;
		stale.look(flow);
	};
	const listing = await table.list(request.family, stale.filter, onFlow, request.timeLimit * LISTING);
	const { run, deleted } =
		listing.outcome === 'off' ? { run: listing, deleted: 0 } : await forgetAll(table, request, stale.patterns(), spent);
	const reason = whyNot(listing) ?? whyNot(run) ?? (stale.isMore() ? 'there are too many different stale flows' : null);
	const outcome = reason === null ? 'done' : run.outcome === 'off' ? 'off' : 'unfinished';
	return { outcome, reason, listed, deleted, milliseconds: spent() };
}

/** Forgets one pattern after the other. What fails does not stop the rest. */
async function forgetAll(
	table: FlowTable,
	{ family, timeLimit }: CleanUpRequest,
	patterns: readonly FlowPattern[],
	spent: () => number,
): Promise<{ readonly run: FlowsRun; readonly deleted: number }> {
	let deleted = 0;
	let failed: FlowsRun = { outcome: 'done' };
	for (const [index, pattern] of patterns.entries()) {
		const left = timeLimit - spent();
		if (left <= 0) {
			const reason = `there was no time for ${patterns.length - index} of ${patterns.length} kinds of stale flows`;
			return { run: { outcome: 'failed', reason }, deleted };
		}
		const run = await table.forget(family, pattern, left);
		deleted += run.deleted;
		if (run.outcome === 'off') return { run, deleted };
		if (run.outcome === 'failed') failed = run;
	}
	return { run: failed, deleted };
}

function whyNot(run: FlowsRun): string | null {
	return run.outcome === 'done' ? null : run.reason;
}
