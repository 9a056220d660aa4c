import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type StandIn, startStandIn } from '../support/stand-in-api-server.ts';
import { type RunningAgent, runAgent } from './agent-run.ts';
import { untilRight, wrongTables } from './kernel-tables.ts';
import type { Lab } from './lab.ts';

export type Objects = readonly Record<string, unknown>[];

/** An API server, and agents that keep a lab's node as it says. */
export interface AgentScene {
	readonly server: StandIn;
	readonly start: (...args: readonly string[]) => RunningAgent;
	/** what of the kernel's tables is not what `render` would make of the server's objects */
	readonly wrong: () => Promise<readonly unknown[]>;
	readonly becomesRight: () => Promise<void>;
	/** removes the tables */
	readonly clear: () => Promise<void>;
}

const BOTH = ['ip', 'ip6'].map((family) => `add table ${family} nft-gen\ndelete table ${family} nft-gen\n`).join('');

/** Begins with no table and some objects; agents, server and files go with the test. @param poison rules that nft is to refuse */
export async function agentScene(
	lab: Lab,
	objects: readonly Objects[],
	poison: string | null = null,
): Promise<AgentScene> {
	const clear = async () => {
		await lab.run('nft', ['-f', '-'], BOTH);
	};
	await clear();
	const server = await startStandIn();
	const folder = mkdtempSync(join(tmpdir(), 'nft-gen-e2e-'));
	const agents: RunningAgent[] = [];
	onTestFinished(async () => {
		for (const agent of agents) agent.kill('SIGKILL');
		await Promise.all(agents.map(({ ended }) => ended));
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	});
	server.put(...objects.flat());
	const start = (...args: readonly string[]) => {
		const agent = runAgent(lab.namespaces.node, server.url, folder, args, poison);
		agents.push(agent);
		return agent;
	};
	const wrong = () => wrongTables(lab, server);
	const becomesRight = () => untilRight(lab, server);
	return { server, start, wrong, becomesRight, clear };
}
