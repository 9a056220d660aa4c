import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { intake } from '../../src/intake/intake.ts';
import { differences } from '../../src/readback/differences.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { compiled } from '../support/compiled.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';
import { type StandIn, startStandIn } from '../support/stand-in-api-server.ts';
import { type RunningAgent, runAgent, until } from './agent-run.ts';
import { expectFlows, reaches, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { PLANS } from './plan.ts';

const [plan] = PLANS;
if (plan === undefined) throw new Error('no plan');
const WEB = tcp(plan.clusterIp(20));

type Objects = readonly Record<string, unknown>[];

/** A Service with endpoints on nodes. */
function web(...nodes: readonly number[]): Objects {
	const endpoints = nodes.map((number) => endpoint({ address: plan?.pod(number, 5) ?? '', node: `n${number}` }));
	return [service('web', ['10.96.0.20', 'fd00:10:96::20']), slice('web', endpoints)];
}

const NODES: Objects = [node(1, 'a'), node(2, 'a'), node(3, 'b')];

describeLab('nft-gen agent, with an API server and real packets', (lab) => {
	/** An API server that holds objects, and a folder for agents; both go with the test. */
	async function begin(
		...objects: readonly Objects[]
	): Promise<{ readonly server: StandIn; readonly start: (...args: readonly string[]) => RunningAgent }> {
		await lab().run(
			'nft',
			['-f', '-'],
			'add table ip nft-gen\ndelete table ip nft-gen\nadd table ip6 nft-gen\ndelete table ip6 nft-gen\n',
		);
		const server = await startStandIn();
		const folder = mkdtempSync(join(tmpdir(), 'nft-gen-e2e-'));
		const agents: RunningAgent[] = [];
		onTestFinished(async () => {
			for (const agent of agents) agent.kill('SIGKILL');
			await Promise.all(agents.map(({ ended }) => ended));
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		});
		server.put(...NODES, ...objects.flat());
		const start = (...args: readonly string[]) => {
			const agent = runAgent(lab().namespaces.node, server.url, folder, args);
			agents.push(agent);
			return agent;
		};
		return { server, start };
	}

	/** What of the kernel's tables is not what `render` would make of the server's objects. */
	async function wrong(server: StandIn): Promise<readonly unknown[]> {
		const objects = (['services', 'endpointslices', 'nodes', 'servicecidrs'] as const).flatMap((name) =>
			server.objects(name),
		);
		const { ruleset } = compiled(objects, { hints: 'as-is' });
		const found = await Promise.all(
			ruleset.tables.map(async (table) => {
				const listing = await lab()
					.run('nft', ['-j', '-n', 'list', 'table', table.family, table.name])
					.catch(() => null);
				const is = listing === null ? null : readTable(JSON.parse(listing));
				if (is === null || 'unreadable' in is) return ['no table'];
				const chains = is.chains.filter(({ rules, hook }) => rules.length > 0 || hook !== null);
				const sets = is.sets.filter(({ name }) => name !== 'generation');
				return [...differences({ ...is, chains, sets }, table)];
			}),
		);
		return found.flat();
	}

	const becomesRight = (server: StandIn, milliseconds?: number) =>
		until('the tables are right', async () => (await wrong(server)).length === 0, milliseconds);

	const listen = async (...objects: readonly Objects[]) =>
		lab().listen(intake(documents(...NODES, ...objects.flat()), NEWEST_BEHAVIOUR).state);

	it('programs what there is, and follows every change', async () => {
		const { server, start } = await begin(web(1, 2));
		await listen(web(1, 2, 3));
		start('--min-sync-period', '0');
		await becomesRight(server);
		await expectFlows(lab(), PLANS[0] as never, [['pod', WEB, reaches(plan.target(1, 5), plan.target(2, 5))]]);
		server.put(...web(3));
		await becomesRight(server);
		await lab().forgetConnections();
		await expectFlows(lab(), PLANS[0] as never, [['pod', WEB, reaches(plan.target(3, 5))]]);
		server.remove(...web(3));
		await becomesRight(server);
	});

	it('faults 31, 79: SIGTERM leaves the rules in place and ends at once; a restart writes nothing', async () => {
		const { server, start } = await begin(web(1, 2));
		const first = start();
		await becomesRight(server);
		first.kill('SIGTERM');
		expect(await first.ended).toMatchObject({ code: 0 });
		expect(await wrong(server)).toEqual([]);
		const second = start('--log-level', 'debug');
		await until('the table is taken over', () => second.log().some(({ contact }) => contact === 'adopted'));
		expect(second.log().filter(({ msg }) => msg === 'transaction')).toEqual([]);
	});

	it.each(['flush ruleset', 'delete table ip6 nft-gen', 'flush table ip nft-gen'])(
		'fault 41: repairs after "%s"',
		async (text) => {
			const { server, start } = await begin(web(1, 2));
			const agent = start('--verify-period', '1s');
			await becomesRight(server);
			await lab().run('nft', ['-f', '-'], `${text}\n`);
			await becomesRight(server);
			expect(agent.log().map(({ msg }) => msg)).toContain('somebody else changed a table');
		},
	);

	it('faults 3, 15: while the API server is away nothing changes; what was missed is made good afterwards', async () => {
		const { server, start } = await begin(web(1, 2), [service('gone', ['10.96.0.30'])]);
		start('--min-sync-period', '0');
		await becomesRight(server);
		server.behave({ down: true });
		server.endWatches('abruptly');
		server.remove(service('gone', []));
		server.put(...web(3));
		server.compact();
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(await wrong(server)).not.toEqual([]);
		server.behave({ down: false });
		await becomesRight(server);
	}, 60_000);

	it('fault 32: killed at any moment, the next one repairs what is left', async () => {
		const { server, start } = await begin();
		for (let round = 0; round < 5; round++) {
			const agent = start('--min-sync-period', '0');
			for (let number = 0; number < 20; number++) {
				const name = `s${number}`;
				server.put(
					service(name, [`10.96.1.${number}`]),
					slice(name, [endpoint({ address: `10.244.1.${(round * 7 + number) % 200}`, node: 'n1' })]),
				);
				await new Promise((resolve) => setTimeout(resolve, 10 + round * 8));
			}
			agent.kill('SIGKILL');
			await agent.ended;
		}
		start();
		await becomesRight(server);
	}, 60_000);

	it('--once ends after the first synchronisation; --dry-run only prints it', async () => {
		const { server, start } = await begin(web(1));
		const dry = start('--once', '--dry-run');
		expect(await dry.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('10.96.0.20 . tcp . 80 : goto') });
		expect(await wrong(server)).toEqual(['no table', 'no table']);
		expect(await start('--once').ended).toMatchObject({ code: 0 });
		expect(await wrong(server)).toEqual([]);
	});

	it('--cleanup removes everything it made', async () => {
		const { server, start } = await begin(web(1));
		expect(await start('--once').ended).toMatchObject({ code: 0 });
		expect(await start('--cleanup').ended).toMatchObject({ code: 0 });
		expect(await wrong(server)).toEqual(['no table', 'no table']);
	});

	describe('that cannot begin', () => {
		it('fault 36: says that nft is missing', async () => {
			const { start } = await begin();
			const agent = start('--nft', '/nonexistent/nft');
			expect(await agent.ended).toMatchObject({ code: 1 });
			expect(
				agent
					.log()
					.map(({ msg }) => msg)
					.join(),
			).toMatch(/nft/);
		});
	});
});
