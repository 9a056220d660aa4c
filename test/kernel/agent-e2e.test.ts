import { describe, expect, it } from 'vitest';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';
import { until } from './agent-run.ts';
import { agentScene, type Objects } from './agent-scene.ts';
import { expectFlows, reaches, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { PLANS } from './plan.ts';
import { childrenOf, commandOf } from './process-facts.ts';

const [plan] = PLANS;
if (plan === undefined) throw new Error('no plan');
const WEB = tcp(plan.clusterIp(20));

/** A Service with endpoints on nodes. */
function web(...nodes: readonly number[]): Objects {
	const endpoints = nodes.map((number) => endpoint({ address: plan?.pod(number, 5) ?? '', node: `n${number}` }));
	return [service('web', ['10.96.0.20', 'fd00:10:96::20']), slice('web', endpoints)];
}

const NODES: Objects = [node(1, 'a'), node(2, 'a'), node(3, 'b')];

describeLab('nft-gen agent, with an API server and real packets', (lab) => {
	const begin = (...objects: readonly Objects[]) => agentScene(lab(), [NODES, ...objects]);

	const listen = async (...objects: readonly Objects[]) =>
		lab().listen(intake(documents(...NODES, ...objects.flat()), NEWEST_BEHAVIOUR).state);

	it('programs what there is, and follows every change', async () => {
		const { server, start, becomesRight } = await begin(web(1, 2));
		await listen(web(1, 2, 3));
		start('--min-sync-period', '0');
		await becomesRight();
		await expectFlows(lab(), PLANS[0] as never, [['pod', WEB, reaches(plan.target(1, 5), plan.target(2, 5))]]);
		server.put(...web(3));
		await becomesRight();
		await lab().forgetConnections();
		await expectFlows(lab(), PLANS[0] as never, [['pod', WEB, reaches(plan.target(3, 5))]]);
		server.remove(...web(3));
		await becomesRight();
	});

	it('faults 31, 79: SIGTERM leaves the rules in place and ends at once; a restart writes nothing', async () => {
		const { start, wrong, becomesRight } = await begin(web(1, 2));
		const first = start();
		await becomesRight();
		first.kill('SIGTERM');
		expect(await first.ended).toMatchObject({ code: 0 });
		expect(await wrong()).toEqual([]);
		const second = start('--log-level', 'debug');
		await until('the table is taken over', () => second.log().some(({ contact }) => contact === 'adopted'));
		expect(second.log().filter(({ msg }) => msg === 'transaction')).toEqual([]);
	});

	it('fault 31: SIGTERM while nft is at work lets it finish', async () => {
		const { server, start, wrong, becomesRight } = await begin(web(1, 2));
		const agent = start('--min-sync-period', '0');
		await becomesRight();
		server.put(...web(3));
		// Not one that looks after the fence.
		const isApplying = () => childrenOf(agent.pid).some((child) => commandOf(child).includes('--file'));
		while (!isApplying()) await new Promise((resolve) => setImmediate(resolve));
		agent.kill('SIGTERM');
		expect(await agent.ended).toMatchObject({ code: 0 });
		expect(await wrong()).toEqual([]);
	});

	it.each(['flush ruleset', 'delete table ip6 nft-gen', 'flush table ip nft-gen'])(
		'fault 41: repairs after "%s"',
		async (text) => {
			const { start, becomesRight } = await begin(web(1, 2));
			const agent = start('--verify-period', '1s');
			await becomesRight();
			await lab().run('nft', ['-f', '-'], `${text}\n`);
			await becomesRight();
			expect(agent.log().map(({ msg }) => msg)).toContain('somebody else changed a table');
		},
	);

	it('faults 3, 15: while the API server is away nothing changes; what was missed is made good afterwards', async () => {
		const { server, start, wrong, becomesRight } = await begin(web(1, 2), [service('gone', ['10.96.0.30'])]);
		start('--min-sync-period', '0');
		await becomesRight();
		server.behave({ down: true });
		server.endWatches('abruptly');
		server.remove(service('gone', []));
		server.put(...web(3));
		server.compact();
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(await wrong()).not.toEqual([]);
		server.behave({ down: false });
		await becomesRight();
	}, 60_000);

	it('fault 32: killed at any moment, the next one repairs what is left', async () => {
		const { server, start, becomesRight } = await begin();
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
		await becomesRight();
	}, 60_000);

	it('--once ends after the first synchronisation; --dry-run only prints it', async () => {
		const { start, wrong } = await begin(web(1));
		const dry = start('--once', '--dry-run');
		expect(await dry.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('10.96.0.20 . tcp . 80 : goto') });
		expect(await wrong()).toEqual(['no table', 'no table']);
		expect(await start('--once').ended).toMatchObject({ code: 0 });
		expect(await wrong()).toEqual([]);
	});

	it('--cleanup removes everything it made', async () => {
		const { start, wrong } = await begin(web(1));
		expect(await start('--once').ended).toMatchObject({ code: 0 });
		expect(await start('--cleanup').ended).toMatchObject({ code: 0 });
		expect(await wrong()).toEqual(['no table', 'no table']);
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
