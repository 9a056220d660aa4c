import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { newAgent } from '../../agent/agent.ts';
import { together } from '../../agent/observer.ts';
import { PERIODS, type Periods } from '../../agent/schedule.ts';
import { newSender } from '../../agent/send.ts';
import { newTables } from '../../agent/tables.ts';
import { serverOf } from '../../host/kubeconfig.ts';
import { type Log, newLog } from '../../host/log.ts';
import { NFT, type NftOptions } from '../../host/nft/nft-process.ts';
import { loadTableRecords, type RecordFile, type TableRecord } from '../../host/table-records.ts';
import { accessTo } from '../../host/watch/access.ts';
import { REAL_CLOCK } from '../../host/watch/clock.ts';
import { watchCluster } from '../../host/watch/watch-cluster.ts';
import { newFollower } from '../../incremental/follower.ts';
import { showBy, type Templates } from '../../render/templates.ts';
import { builtInTemplates } from '../built-in-templates.ts';
import { CommandError, EXIT, ending } from '../exit.ts';
import { VERSION } from '../version.ts';
import type { World } from '../world.ts';
import { type Around, openAround } from './agent-around.ts';
import { cleanUpEverything, kernelOf, whatIsMissing } from './agent-kernel.ts';
import type { AgentRequest } from './agent-parts.ts';
import { newThrift } from './thrift.ts';

/**
 * `nft-gen agent`: keeps the node's tables right until a signal ends it.
 * @returns the exit code
 * @throws CommandError when it cannot begin
 */
export async function agentCommand(request: AgentRequest, world: World): Promise<number> {
	const nft: NftOptions = { ...NFT, command: [request.nft] };
	if (request.cleanup) return cleanUpEverything(request, nft, world);
	if (!request.isNodeGiven) throw new CommandError('pass --node, the name of the node this runs on', EXIT.usage);
	const stop = stopOnSignals();
	const { signal } = stop;
	const log = newLog(process.stderr, request.logFormat, request.logLevel);
	// While nft is asked, the API server is.
	const missing = whatIsMissing(request, nft, signal, log);
	const server = await serverOf(request).catch(async (cause: unknown) => {
		stop.abort();
		await missing;
		throw ending(cause);
	});
	const templates = await builtInTemplates();
	const show = showBy(templates);
	const recordFile = { path: join(request.stateDir, 'tables.json'), maker: makerOf(templates) };
	const records = await recordsFor(request, recordFile, log);
	const access = accessTo(request, REAL_CLOCK);
	const follower = newFollower(request.settings);
	let around: Around | null = null;
	const sender = newSender(kernelOf(request, nft, world, signal), show, (change, text, run) =>
		around?.observer.onTransaction(change, text, run),
	);
	const thrift = newThrift(log);
	const tables = newTables(follower, sender, records, thrift.tidy);
	around = await openAround({ request, server, log, show, access, follower, tables, recordFile, signal });
	const agent = newAgent(
		tables,
		periodsOf(request),
		together([around.observer, ...(request.once ? [] : [thrift.observer])]),
	);
	const watch = watchCluster({
		cluster: access,
		signal,
		onEvent: agent.onEvent,
		onSynced: () => {
			around?.onSynced();
			agent.onSynced();
		},
		onTrouble: ({ resource, what, reason, retryInMs }) =>
			log.warn({ resource, reason, retryInMs: Math.round(retryInMs) }, what),
	});
	const begun = around.begin(agent, watch.stats);
	const ended = watch.done.catch((cause: unknown) => stop.abort(cause));
	const lack = await missing;
	const succeeded = lack === null && (await agent.run(signal, request.once));
	stop.abort();
	await Promise.all([ended, begun, around.close()]);
	if (lack !== null) throw new CommandError(lack);
	return succeeded || !request.once ? EXIT.done : EXIT.failed;
}

/** Who wrote a table: the same programs may be other rules in another release. */
function makerOf(templates: Templates): string {
	const text = JSON.stringify([VERSION, ...templates], (_key, value: unknown) =>
		typeof value === 'function' ? String(value) : value,
	);
	return createHash('sha256').update(text).digest('hex');
}

/** An agent that looks once, or only prints, has to look well: without records it reads the tables back. */
async function recordsFor({ once, dryRun }: AgentRequest, file: RecordFile, log: Log): Promise<readonly TableRecord[]> {
	if (once || dryRun) return [];
	const { records, ignored } = await loadTableRecords(file);
	if (ignored !== null) log.warn(ignored);
	return records;
}

/** Of what is only printed there is nothing in the kernel to be checked. */
function periodsOf({ minSyncPeriod, verifyPeriod, dryRun }: AgentRequest): Periods {
	const never = Number.POSITIVE_INFINITY;
	const asked = { ...PERIODS, minSync: minSyncPeriod, verify: verifyPeriod };
	return { ...asked, ...(dryRun ? { fence: never, verify: never, cleanUp: never } : {}) };
}

/**
 * A controller that SIGTERM and SIGINT abort; what is being done is finished. A second signal ends the program at once. The listener stays: execa has one of its own while
 * a program runs, which, were it the only one, would end the agent by the signal.
 */
function stopOnSignals(): AbortController {
	const controller = new AbortController();
	const stop = () => {
		if (controller.signal.aborted) process.exit(EXIT.failed);
		controller.abort();
	};
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
	return controller;
}
