import { rm } from 'node:fs/promises';
import { newAgent } from '../agent/agent.ts';
import type { Kernel } from '../agent/kernel.ts';
import type { AgentObserver } from '../agent/observer.ts';
import { PERIODS, type Periods } from '../agent/schedule.ts';
import { newSender } from '../agent/send.ts';
import { newTables } from '../agent/tables.ts';
import { type Log, type LogFormat, newLog } from '../host/log.ts';
import { applyNft, checkNft, listSet, listTable } from '../host/nft.ts';
import { probe } from '../host/nft-probe.ts';
import { NFT, type NftOptions, type NftRun } from '../host/nft-process.ts';
import { failureSentence } from '../host/nft-version.ts';
import { builtInTemplates, readTemplates } from '../host/templates.ts';
import { watchCluster } from '../host/watch/watch-cluster.ts';
import { newFollower } from '../incremental/follower.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import { compileTemplates } from '../render/templates.ts';
import { CommandError, EXIT } from './exit.ts';
import type { InputRequest } from './input.ts';
import type { World } from './world.ts';

/** What the command line asked for. */
export interface AgentRequest extends InputRequest {
	readonly isNodeGiven: boolean;
	readonly once: boolean;
	readonly dryRun: boolean;
	readonly check: boolean;
	readonly cleanup: boolean;
	/** in milliseconds */
	readonly minSyncPeriod: number;
	/** in milliseconds */
	readonly verifyPeriod: number;
	readonly healthzBindAddress: string;
	readonly metricsBindAddress: string;
	readonly stateDir: string;
	readonly logFormat: LogFormat;
	readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
	readonly nft: string;
}

/**
 * `nft-gen agent`: keeps the node's tables right until a signal ends it.
 * @returns the exit code
 * @throws CommandError when it cannot begin
 */
export async function agentCommand(request: AgentRequest, world: World): Promise<number> {
	const nft: NftOptions = { ...NFT, command: [request.nft] };
	if (request.cleanup) return cleanUpEverything(request, nft, world);
	if (!request.isNodeGiven) throw new CommandError('pass --node, the name of the node this runs on', EXIT.usage);
	await requireNft(nft);
	const log = newLog(process.stderr, request.logFormat, request.logLevel);
	const stop = stopOnSignals();
	const show = compileTemplates(await readTemplates(builtInTemplates()));
	const sender = newSender(kernelOf(request, nft, world), show, (text, run) => {
		log.debug({ bytes: text.length, milliseconds: Math.round(run.milliseconds), outcome: run.outcome }, 'transaction');
	});
	const follower = newFollower(request.settings);
	const tables = newTables(follower, sender);
	const agent = newAgent(tables, periodsOf(request), observer(request.settings.node, log));
	const watch = watchCluster({
		cluster: request,
		signal: stop.signal,
		onEvent: agent.onEvent,
		onSynced: agent.onSynced,
		onTrouble: ({ resource, what, reason, retryInMs }) =>
			log.warn({ resource, reason, retryInMs: Math.round(retryInMs) }, what),
	});
	const ended = watch.done.catch((cause: unknown) => stop.abort(cause));
	const succeeded = await agent.run(stop.signal, request.once);
	stop.abort();
	await ended;
	return succeeded || !request.once ? EXIT.done : EXIT.failed;
}

/** Of what is only printed there is nothing in the kernel to be checked. */
function periodsOf({ minSyncPeriod, verifyPeriod, dryRun }: AgentRequest): Periods {
	const never = Number.POSITIVE_INFINITY;
	const asked = { ...PERIODS, minSync: minSyncPeriod, verify: verifyPeriod };
	return { ...asked, ...(dryRun ? { fence: never, verify: never, cleanUp: never } : {}) };
}

async function requireNft(nft: NftOptions): Promise<void> {
	const missing = await probe(undefined, undefined, nft);
	if (missing[0] !== undefined) throw new CommandError(missing.map(({ sentence }) => sentence).join('\n'));
}

function kernelOf({ dryRun, check }: AgentRequest, nft: NftOptions, { stdout }: World): Kernel {
	const list: Kernel['list'] = ({ family, table }) => listTable(family, table, nft);
	const listOf: Kernel['listSet'] = ({ family, table }, set) => listSet(family, table, set, nft);
	const apply = async (text: string): Promise<NftRun> => {
		if (dryRun) {
			stdout.write(text);
			return { outcome: 'done', milliseconds: 0 };
		}
		const checked = check ? await checkNft(text, nft) : null;
		return checked === null || checked.outcome === 'done' ? applyNft(text, nft) : checked;
	};
	return { apply, list, listSet: listOf };
}

/** A controller that SIGTERM and SIGINT abort; what is being done is finished. */
function stopOnSignals(): AbortController {
	const controller = new AbortController();
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort());
	return controller;
}

function observer(node: string, log: Log): AgentObserver {
	return {
		onSyncStart: () => {},
		onSyncEnd: (results, states) => {
			if (results.length === 0) log.warn({ node }, 'the cluster has no such Node: nothing is programmed until it has');
			for (const result of results) {
				const { family, milliseconds } = result;
				const about = { family, milliseconds: Math.round(milliseconds) };
				if (result.kind === 'failed') log.error(about, `the table could not be synchronised: ${result.reason}`);
				else
					log.info(
						{ ...about, contact: result.synced.contact, programmed: result.synced.programmed.length },
						'synchronised',
					);
			}
			for (const { name, quarantined } of states) {
				for (const [servicePort, { reason }] of quarantined)
					log.warn({ family: name.family, servicePort, reason }, 'quarantined');
			}
		},
		onDrift: (found) => log.warn({ found }, 'somebody else changed a table'),
		onCleanUpFailure: () => log.warn('chains that nothing leads to could not be removed yet'),
	};
}

/** Removes both tables and the saved state. */
async function cleanUpEverything(
	{ settings, stateDir }: AgentRequest,
	nft: NftOptions,
	{ talk }: World,
): Promise<number> {
	const text = IP_FAMILIES.map(
		(family) => `add table ${family} ${settings.table}\ndelete table ${family} ${settings.table}\n`,
	).join('');
	const run = await applyNft(text, nft);
	if (run.outcome !== 'done') throw new CommandError(`the tables could not be removed: ${failureSentence(run, nft)}`);
	await rm(stateDir, { recursive: true, force: true });
	talk.line(`removed the tables ip ${settings.table} and ip6 ${settings.table}, and ${stateDir}`);
	return EXIT.done;
}
