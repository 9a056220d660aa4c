import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Kernel } from '../../src/agent/kernel.ts';
import { newSender } from '../../src/agent/send.ts';
import { follow, newTableState } from '../../src/agent/table-state.ts';
import { syncTable } from '../../src/agent/table-sync.ts';
import { newTables } from '../../src/agent/tables.ts';
import { NFT } from '../../src/host/nft/nft-process.ts';
import { nftTables } from '../../src/host/nft/nft-tables.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import type { ObjectChange } from '../../src/incremental/objects.ts';
import { intake } from '../../src/intake/intake.ts';
import { servicePortName } from '../../src/model/cluster-state.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { show } from '../support/compiled.ts';
import { documents, settings } from '../support/objects.ts';
import { programs } from '../support/programs.ts';
import { startStandIn } from '../support/stand-in-api-server.ts';
import type { ApiObject } from '../support/stand-in-store.ts';
import { runAgent } from './agent-run.ts';
import { untilRight } from './kernel-tables.ts';
import { describeLab, type Lab } from './lab.ts';
import { randomChanges } from './random-changes.ts';
import { startChurn } from './soak-churn.ts';
import { startLoad } from './steady-load.ts';
import { steadyObjects, steadyRoutes } from './steady-services.ts';

const IS_CI = process.env.CI === 'true';
const UPDATES = IS_CI ? 1000 : 200;
const REMAKES = IS_CI ? 100 : 30;
const STORM_SECONDS = IS_CI ? 10 : 3;
const SEED = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);

describeLab(`while connections run (SOAK_SEED=${SEED})`, (lab) => {
	const listen = () => lab().listen(intake(documents(...nodes(), ...steadyObjects()), NEWEST_BEHAVIOUR).state);

	it(`fault 78: ${UPDATES} transactions, and not one failed connection through Services that they do not touch`, async () => {
		await listen();
		const kernel = kernelIn(lab());
		let transactions = 0;
		const sender = newSender(kernel, show, (_change, _text, { outcome }) => {
			expect(outcome).toBe('done');
			transactions++;
		});
		const tables = newTables(newFollower(settings({ hints: 'as-is' })), sender);
		const sync = async () => expect((await tables.sync()).map(({ kind }) => kind)).toEqual(['synced', 'synced']);
		await tables.follow([...nodes(), ...steadyObjects()].map(come));
		await sync();

		const waiting: ObjectChange[] = [];
		const changes = randomChanges(
			{
				put: (...objects: readonly ApiObject[]) => {
					waiting.push(...objects.map(come));
					return '';
				},
				remove: (...objects: readonly ApiObject[]) => {
					waiting.push(...objects.map(leave));
					return '';
				},
			},
			SEED,
		);
		const load = startLoad(lab(), steadyRoutes());
		try {
			while (transactions < UPDATES) {
				changes.change();
				await tables.follow(waiting.splice(0));
				await sync();
				if (transactions % 50 === 0) await tables.cleanUp();
			}
		} finally {
			await load.stop();
		}
		expect(load.failures()).toEqual([]);
		console.info(
			`${transactions} transactions, ${load.made()} exchanges, the slowest in ${Math.round(load.slowest())} ms`,
		);
		expect(load.made()).toBeGreaterThan(UPDATES);
	}, 180_000);

	it(`fault 78: ${REMAKES} times everything but chains and affinity is made anew, and not one connection fails or is sent elsewhere`, async () => {
		await lab().run('nft', ['flush ruleset']);
		await lab().forgetConnections();
		await listen();
		const texts: string[] = [];
		const sender = newSender(kernelIn(lab()), show, (_change, text) => texts.push(text));
		const contents = programs([...nodes(), ...steadyObjects()], { node: 'n1' });
		const states = contents.map(({ frame, ports }) =>
			newTableState({
				family: frame.family,
				frame,
				ports: new Map(ports.map((port) => [servicePortName(port.owner), port])),
				views: new Map(),
			}),
		);
		for (const state of states) await syncTable(state, sender);
		texts.length = 0;
		const load = startLoad(lab(), steadyRoutes());
		try {
			for (let count = 1; count <= REMAKES; count++) {
				for (const [index, state] of states.entries()) {
					const frame = contents[index]?.frame ?? state.frame;
					const remade = <T extends { readonly comment: string | null }>(each: T) => ({
						...each,
						comment: `make ${count}`,
					});
					const changed = { ...frame, sets: frame.sets.map(remade), maps: frame.maps.map(remade) };
					follow(state, { family: frame.family, frame: changed, ports: new Map(), views: new Map() });
					await expect(syncTable(state, sender)).rejects.toThrow('the table has to be made anew');
					expect((await syncTable(state, sender)).contact).toBe('repaired');
				}
			}
		} finally {
			await load.stop();
		}
		expect(texts).toHaveLength(REMAKES * states.length);
		expect(texts.join()).not.toContain('delete table');
		console.info(`${texts.length} tables made anew, ${load.made()} exchanges`);
		expect(load.failures()).toEqual([]);
		expect(load.made()).toBeGreaterThan(REMAKES);
	}, 180_000);

	it(`fault 28: 1,000 changes a second for ${STORM_SECONDS} s make no more transactions than min-sync allows`, async () => {
		await lab().run('nft', ['flush ruleset']);
		await lab().forgetConnections();
		await listen();
		const server = await startStandIn();
		const folder = mkdtempSync(join(tmpdir(), 'nft-gen-storm-'));
		server.put(...nodes(), ...steadyObjects());
		const agent = runAgent(lab().namespaces.node, server.url, folder, ['--log-level', 'debug']);
		onTestFinished(async () => {
			agent.kill('SIGKILL');
			await agent.ended;
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		});
		await untilRight(lab(), server);
		const load = startLoad(lab(), steadyRoutes());
		const churn = startChurn(randomChanges(server, SEED), 1000);
		const logged = agent.log().length;
		await new Promise((resolve) => setTimeout(resolve, STORM_SECONDS * 1000));
		await churn.stop();
		const log = agent.log().slice(logged);
		await untilRight(lab(), server, 'counted');
		await load.stop();
		const count = (wanted: string) => log.filter(({ msg }) => msg === wanted).length;
		console.info(
			`${churn.changes()} changes, ${count('synchronised')} synchronisations of a table, ${count('transaction')} transactions`,
		);
		expect(churn.changes()).toBeGreaterThan(STORM_SECONDS * 500);
		// Two tables, each once a second, and as often the removal of chains that are left over.
		expect(count('synchronised')).toBeLessThanOrEqual(2 * (STORM_SECONDS + 1));
		expect(count('transaction')).toBeLessThanOrEqual(4 * (STORM_SECONDS + 1));
		expect(load.failures()).toEqual([]);
	}, 180_000);
});

function kernelIn(lab: Lab): Kernel {
	return nftTables({ ...NFT, command: ['ip', 'netns', 'exec', lab.namespaces.node, 'nft'] });
}
