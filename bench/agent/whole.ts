import { setTimeout as pause } from 'node:timers/promises';
import { type StandIn, startStandIn } from '../../test/support/stand-in-api-server.ts';
import { load, removeLoaded } from '../measure/load.ts';
import { type Run, run } from '../measure/process.ts';
import { interleaved, type Measured } from '../measure/repeat.ts';
import { spreadOf } from '../measure/spread.ts';
import { seededRandom } from '../state/random.ts';
import { plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';
import { type AgentProcess, type AgentRun, agentFolder, startAgentProcess } from './agent-process.ts';
import { type ChangingCluster, changingCluster } from './cluster.ts';

/** What whole agents took, against nft doing the same. */
export interface Whole {
	/** `nft -f` of the rules; the agent's start to its first rules */
	readonly start: readonly [nft: Measured, agent: Measured];
	/** `nft -j -n list table`; the agent's restart with nothing changed */
	readonly restart: readonly [nft: Measured, agent: Measured];
	/** transactions of all the restarts */
	readonly written: number;
	/** of a restart, until the tables are taken over from when the cluster is known; in seconds */
	readonly takeOver: number;
	readonly memory: Memory;
	readonly large: Large;
}

/** In 10^6 bytes, of the agent and of the largest nft that it started. */
export interface Memory {
	readonly start: AgentRun['megabytes'];
	readonly restart: AgentRun['megabytes'];
	/** while slices change */
	readonly steady: AgentRun['megabytes'];
	/** while it compares the whole table, as it does every 25 s */
	readonly look: AgentRun['megabytes'];
}

/** An agent where each Service has many endpoints. */
export interface Large {
	readonly start: AgentRun['megabytes'];
	/** while slices change */
	readonly steady: AgentRun['megabytes'];
	/** nft's longest transaction, in seconds */
	readonly longest: number;
}

/** Endpoints of a Service in a large cluster. */
export const MANY_ENDPOINTS = 15;

/** Measures agents as processes of their own, with the API server in this process. */
export async function wholeAgents(workshop: Workshop, services: number): Promise<Whole> {
	const server = await startStandIn();
	const cluster = changingCluster(services, seededRandom(3));
	try {
		server.put(...cluster.objects());
		const start = await starts(workshop, server, services);
		const restart = await restarts(workshop, server);
		const steady = await steadyMemory(workshop, server, cluster);
		const memory: Memory = { start: largest(start.runs), restart: largest(restart.runs), ...steady };
		const written = restart.runs.flatMap(({ log }) => log).filter(({ msg }) => msg === 'transaction').length;
		const large = await largeAgent(workshop, services);
		const [begun, again] = [start.measured, restart.measured];
		return { start: begun, restart: again, written, takeOver: takeOver(restart.runs), memory, large };
	} finally {
		await server.close();
	}
}

interface Pair {
	readonly measured: readonly [Measured, Measured];
	readonly runs: readonly AgentRun[];
}

async function starts(workshop: Workshop, server: StandIn, services: number): Promise<Pair> {
	const { namespaces } = workshop;
	const rules = await workshop.ruleset(plainShape(services, 5));
	const runs: AgentRun[] = [];
	const start = async (): Promise<Run> => {
		const namespace = namespaces.add();
		try {
			const found = await startAgentProcess(workshop, server.url, namespace, ['--once']).ended;
			runs.push(found);
			return asRun(found);
		} finally {
			removeLoaded(namespaces, namespace);
		}
	};
	const contestants = [
		{ name: 'nft -f of the rules', measure: () => load(namespaces, rules) },
		{ name: 'agent --once, no table yet', measure: start },
	];
	return pair(await interleaved(contestants, workshop.options.rounds, workshop.sayRun), runs);
}

async function restarts(workshop: Workshop, server: StandIn): Promise<Pair> {
	const { namespaces } = workshop;
	const namespace = namespaces.add();
	const runs: AgentRun[] = [];
	const folder = agentFolder(workshop);
	const restart = async (): Promise<Run> => {
		const agent = startAgentProcess(workshop, server.url, namespace, [], folder);
		const seconds = await agent.begun();
		agent.stop();
		const found = { ...(await agent.ended), seconds };
		runs.push(found);
		return asRun(found);
	};
	const listing = ['netns', 'exec', namespace, 'nft', '-j', '-n', 'list', 'table', 'ip', 'nft-gen'];
	const list = () => run({ program: 'ip', args: listing, output: workshop.file('listing.json') });
	try {
		await startAgentProcess(workshop, server.url, namespace, ['--once'], folder).ended;
		// The first one reads the tables back, and leaves a record of them.
		await restart();
		runs.length = 0;
		const contestants = [
			{ name: 'nft -j -n list table', measure: list },
			{ name: 'agent, until it has taken the tables over', measure: restart },
		];
		return pair(await interleaved(contestants, workshop.options.rounds, workshop.sayRun), runs);
	} finally {
		removeLoaded(namespaces, namespace);
	}
}

function takeOver(runs: readonly AgentRun[]): number {
	const milliseconds = runs.map(({ log }) =>
		Math.max(...log.filter(({ contact }) => contact === 'adopted').map((line) => Number(line.milliseconds))),
	);
	return spreadOf(milliseconds).median / 1000;
}

const STEADY_SECONDS = 8;
const CHANGES_PER_SECOND = 20;

async function steadyMemory(
	workshop: Workshop,
	server: StandIn,
	cluster: ChangingCluster,
): Promise<Pick<Memory, 'steady' | 'look'>> {
	// The first look comes so long after the first synchronisation; where it is one in parts, these take as long again.
	const verifySeconds = STEADY_SECONDS + 8;
	return withAgent(workshop, server, `${verifySeconds}s`, async (agent) => {
		const steady = await whileChanging(agent, server, cluster);
		workshop.say('  waiting until the agent has looked at its whole table');
		await pause((2 * verifySeconds - STEADY_SECONDS + 4) * 1000);
		return { steady, look: agent.megabytes() };
	});
}

async function largeAgent(workshop: Workshop, services: number): Promise<Large> {
	workshop.say(`  an agent with ${MANY_ENDPOINTS} endpoints for each Service`);
	const server = await startStandIn();
	const cluster = changingCluster(services, seededRandom(4), MANY_ENDPOINTS);
	try {
		server.put(...cluster.objects());
		return await withAgent(workshop, server, '3600s', async (agent) => {
			const start = agent.megabytes();
			const steady = await whileChanging(agent, server, cluster);
			return { start, steady, longest: Math.max(...agent.transactions()) };
		});
	} finally {
		await server.close();
	}
}

/** Does something with an agent that has taken its tables over. */
async function withAgent<Found>(
	workshop: Workshop,
	server: StandIn,
	verify: string,
	work: (agent: AgentProcess) => Promise<Found>,
): Promise<Found> {
	const namespace = workshop.namespaces.add();
	const args = ['--verify-period', verify];
	const agent = startAgentProcess(workshop, server.url, namespace, args, agentFolder(workshop), true);
	try {
		await agent.begun();
		return await work(agent);
	} finally {
		agent.stop();
		await agent.ended;
		removeLoaded(workshop.namespaces, namespace);
	}
}

/** The memory while slices change. */
async function whileChanging(
	agent: AgentProcess,
	server: StandIn,
	{ change }: ChangingCluster,
): Promise<AgentRun['megabytes']> {
	// What the start took is given back first.
	await pause(3_000);
	agent.megabytes();
	for (let number = 0; number < STEADY_SECONDS * CHANGES_PER_SECOND; number++) {
		server.put(change().slice);
		await pause(1000 / CHANGES_PER_SECOND);
	}
	return agent.megabytes();
}

function largest(runs: readonly AgentRun[]): AgentRun['megabytes'] {
	return {
		own: Math.max(...runs.map(({ megabytes }) => megabytes.own)),
		child: Math.max(...runs.map(({ megabytes }) => megabytes.child)),
	};
}

/** The memory of an agent is that of both programs together. */
function asRun({ seconds, megabytes }: AgentRun): Run {
	return { seconds, megabytes: megabytes.own + megabytes.child };
}

function pair([first, second]: readonly Measured[], runs: readonly AgentRun[]): Pair {
	if (first === undefined || second === undefined) throw new Error('nothing was measured');
	return { measured: [first, second], runs };
}
