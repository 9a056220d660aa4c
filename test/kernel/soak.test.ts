import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Random, seededRandom } from '../../bench/state/random.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { documents } from '../support/objects.ts';
import { startStandIn } from '../support/stand-in-api-server.ts';
import { type RunningAgent, runAgent, until } from './agent-run.ts';
import { untilRight } from './kernel-tables.ts';
import { describeLab, type Lab } from './lab.ts';
import { residentMegabytes } from './process-facts.ts';
import { randomChanges } from './random-changes.ts';
import { type Churn, startChurn } from './soak-churn.ts';
import {
	apiFailure,
	apiMoods,
	foreignChange,
	killNft,
	type Scene,
	type Trouble,
	wholeTableLost,
} from './soak-trouble.ts';
import { type Load, startLoad } from './steady-load.ts';
import { steadyObjects, steadyRoutes } from './steady-services.ts';

/** Longer where nobody waits for it; SOAK_SECONDS=600 for more. */
const SECONDS = Number(process.env.SOAK_SECONDS ?? (process.env.CI === 'true' ? 60 : 10));
/** The order of changes and troubles hangs on it alone; when they meet whom does not. */
const SEED = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);
const CHANGES_PER_SECOND = 300;

/** Of the whole time: one agent after another is killed; one works through troubles; whole tables are lost. */
const SHARES = { killed: 0.25, troubled: 0.6, lost: 0.15 };

/** How often the agent looks at its whole tables here, to find what others changed before the next change does. */
const AGENT = ['--min-sync-period', '0', '--verify-period', '2s'];

/** Memory is flat when it ends below so many times what it was after a third of the time, if that was not too short to say. */
const MOST_GROWTH = 1.5;
const LEAST_SECONDS_FOR_MEMORY = 20;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Everything that one run of the soak is about. */
interface Soak extends Scene {
	readonly load: Load;
	/** what happened, with the second it did */
	readonly diary: string[];
	readonly note: (what: string) => void;
	/** starts an agent, after which `pid` is its */
	readonly start: () => RunningAgent;
	/** what the last agent said that is more than usual */
	readonly complaints: () => readonly string[];
}

describeLab(`an agent through ${SECONDS} s of changes and troubles (SOAK_SEED=${SEED})`, (lab) => {
	it(
		'loses no connection through Services that do not change, and ends with the right tables',
		async () => {
			const soak = await begin(lab());
			const churn = startChurn(soak.changing, CHANGES_PER_SECOND);
			try {
				await killedAgain(soak, SECONDS * SHARES.killed);
				const memory = await troubled(soak, SECONDS * SHARES.troubled);
				soak.note('phase: whole tables are lost');
				await losses(soak, SECONDS * SHARES.lost, churn);
				await churn.stop();
				await ends(soak);
				report(soak, churn.changes(), memory);
				if (SECONDS * SHARES.troubled >= LEAST_SECONDS_FOR_MEMORY) {
					expect(memory.end, 'memory at the end').toBeLessThan(MOST_GROWTH * memory.third);
				}
			} catch (error) {
				throw new Error(story(soak), { cause: error });
			} finally {
				await churn.stop();
				await soak.load.stop();
			}
		},
		(SECONDS * 2 + 120) * 1000,
	);
});

/** A cluster with its steady Services, connections through them, and nobody yet who programs them. */
async function begin(lab: Lab): Promise<Soak> {
	const server = await startStandIn();
	const folder = mkdtempSync(join(tmpdir(), 'nft-gen-soak-'));
	const agents: RunningAgent[] = [];
	// What an agent that is killed leaves of nft's input goes with the folder.
	const temporary = process.env.TMPDIR;
	process.env.TMPDIR = folder;
	onTestFinished(async () => {
		if (temporary === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = temporary;
		for (const agent of agents) agent.kill('SIGKILL');
		await Promise.all(agents.map(({ ended }) => ended));
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	});
	server.put(...nodes(), ...steadyObjects());
	await lab.listen(intake(documents(...nodes(), ...steadyObjects()), NEWEST_BEHAVIOUR).state);
	const started = performance.now();
	const diary: string[] = [];
	const note = (what: string) => diary.push(`${((performance.now() - started) / 1000).toFixed(2)} s: ${what}`);
	const start = () => {
		const agent = runAgent(lab.namespaces.node, server.url, folder, AGENT);
		agents.push(agent);
		return agent;
	};
	const first = start();
	await untilRight(lab, server);
	first.kill('SIGKILL');
	await first.ended;
	const random = seededRandom(SEED + 1);
	const changing = randomChanges(server, SEED);
	const load = startLoad(lab, steadyRoutes(), (what) => note(`FAILED ${what}`));
	const pid = () => agents.at(-1)?.pid ?? 0;
	const complaints = () =>
		(agents.at(-1)?.log() ?? [])
			.filter(({ level, contact }) => level !== 'info' || contact !== undefined)
			.map((line) => JSON.stringify(line));
	return { lab, server, changing, random, load, diary, note, start, pid, complaints };
}

/** Agents start and are killed, one after another. */
async function killedAgain(soak: Soak, seconds: number): Promise<void> {
	soak.note('phase: agents are killed');
	const end = performance.now() + seconds * 1000;
	while (performance.now() < end) {
		const agent = soak.start();
		await pause(300 + soak.random() ** 2 * 2500);
		soak.note('kill -9 of the agent');
		agent.kill('SIGKILL');
		await agent.ended;
		expectNoQuarantine(agent);
	}
	expectNoFailure(soak.load);
}

interface Memory {
	readonly third: number;
	readonly end: number;
}

/** One agent works through everything but its own death and the loss of whole tables. */
async function troubled(soak: Soak, seconds: number): Promise<Memory> {
	soak.note('phase: troubles');
	const agent = soak.start();
	agent.ended.then(({ code, signal }) => soak.note(`the agent ended with ${signal ?? code}`));
	await until('the agent has begun', () => agent.log().some(({ contact }) => typeof contact === 'string'));
	const start = performance.now();
	const memory: { readonly share: number; readonly megabytes: number }[] = [];
	const share = () => (performance.now() - start) / 1000 / seconds;
	const sampling = setInterval(() => {
		memory.push({ share: share(), megabytes: residentMegabytes(soak.pid()) });
	}, 100);
	try {
		let failures = 0;
		while (share() < 1) {
			const isFailureDue = share() > (API_FAILURES[failures] ?? 1);
			if (isFailureDue) failures++;
			soak.note(await (isFailureDue ? apiFailure : pick(soak.random, TROUBLES))(soak));
			await pause(soak.random() * 300);
		}
	} finally {
		clearInterval(sampling);
	}
	expectNoFailure(soak.load);
	expect(residentMegabytes(agent.pid), 'memory of the agent, which must not have ended').toBeGreaterThan(0);
	expectNoQuarantine(agent);
	const around = (from: number, to: number) =>
		median(memory.filter((each) => each.share >= from && each.share <= to).map(({ megabytes }) => megabytes));
	return { third: around(0.28, 0.38), end: around(0.9, 1) };
}

const TROUBLES: readonly Trouble[] = [killNft, killNft, apiMoods, foreignChange, foreignChange];

/** When the API server fails: late, because whoever watches it waits longer after each failure, and hears no changes. */
const API_FAILURES: readonly number[] = [0.5, 0.7, 0.85];

/** Whole tables are lost; until they are there again connections may fail. */
async function losses(soak: Soak, seconds: number, churn: Churn): Promise<void> {
	const { load, note, lab, server } = soak;
	const end = performance.now() + seconds * 1000;
	load.forgive();
	while (performance.now() < end) {
		note(await wholeTableLost(soak));
		await pause(soak.random() * 200);
		note(await killNft(soak));
		churn.pause();
		await untilRight(lab, server);
		churn.goOn();
	}
	// What went past the rules while there were none is remembered.
	await lab.forgetConnections();
	load.count();
}

/** The cluster has come to rest: so do the tables, with nothing left over, and connections go on all the while. */
async function ends(soak: Soak): Promise<void> {
	const { lab, server, load, note } = soak;
	note('phase: the end');
	await untilRight(lab, server);
	await untilRight(lab, server, 'counted');
	const before = load.made();
	await until('connections go on', () => load.made() > before + 100);
	expectNoFailure(load);
}

function story({ diary, complaints }: Soak): string {
	const first = diary.findIndex((line) => line.includes('FAILED'));
	const around = first === -1 ? diary.slice(-40) : diary.slice(Math.max(0, first - 20), first + 20);
	return [`SOAK_SEED=${SEED}`, ...around, 'the agent:', ...complaints().slice(-80)].join('\n');
}

function expectNoFailure(load: Load): void {
	const failures = load.failures();
	expect(failures.slice(0, 5), `${failures.length} failures`).toEqual([]);
}

function expectNoQuarantine(agent: RunningAgent): void {
	expect(agent.log().filter(({ servicePort }) => servicePort !== undefined)).toEqual([]);
}

function report({ load, diary }: Soak, changes: number, memory: Memory): void {
	const count = (pattern: RegExp) => diary.filter((line) => pattern.test(line)).length;
	console.info(
		`${changes} changes, ${load.made()} exchanges (the slowest took ${Math.round(load.slowest())} ms), none failed;`,
		`killed: ${count(/of the agent$/)} agents or children (${count(/ kill -9 of the agent$/)} agents);`,
		`API troubles: ${count(/API server/)}, foreign transactions: ${count(/foreign/)}, lost tables: ${count(/ lost: /)};`,
		`memory ${Math.round(memory.third)} MB after a third, ${Math.round(memory.end)} MB at the end`,
	);
}

function pick<T>(random: Random, from: readonly T[]): T {
	const found = from[Math.floor(random() * from.length)];
	if (found === undefined) throw new RangeError('there is nothing to pick from');
	return found;
}

function median(numbers: readonly number[]): number {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
