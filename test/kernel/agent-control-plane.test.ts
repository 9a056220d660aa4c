import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';
import { describeControlPlane } from '../support/with-control-plane.ts';
import { type RunningAgent, until } from './agent-run.ts';
import { deployAgent, untilLeadsTo } from './deployed-agent.ts';
import { expectFlows, reaches, tcp } from './flows.ts';
import { type Lab, openLab } from './lab.ts';
import { PLANS, type Plan } from './plan.ts';
import { describeKernel } from './requirements.ts';

// The agent runs as the ServiceAccount of deploy/, against a real API server, with its validation and authorizer.

const [plan] = PLANS as readonly [Plan];
const WEB = tcp('10.96.0.20');

function webSlice(...numbers: readonly number[]) {
	return slice(
		'web',
		numbers.map((number) => endpoint({ address: plan.pod(number, 5), node: `n${number}` })),
	);
}

describeKernel('nft-gen agent', () => {
	describeControlPlane('with a real API server', (plane) => {
		let folder: string;
		let lab: Lab;
		let agent: RunningAgent;

		const apply = (...objects: readonly object[]) =>
			plane().kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
				input: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
			});
		const leadsTo = (...numbers: readonly number[]) =>
			untilLeadsTo(
				lab,
				'shop/web/http',
				numbers.map((number) => plan.target(number, 5)),
			);

		beforeAll(async () => {
			folder = mkdtempSync(join(tmpdir(), 'nft-gen-e2e-'));
			lab = await openLab();
			await plane().kubectl(['create', 'namespace', 'shop']);
			for (const number of [1, 2]) await plane().ask('POST', '/api/v1/nodes', { body: node(number, 'a') });
			agent = await deployAgent(plane(), lab, folder);
		}, 60_000);
		afterAll(async () => {
			agent.kill('SIGKILL');
			await agent.ended;
			await lab.close();
			rmSync(folder, { recursive: true, force: true });
		});

		it('programs what kubectl applies, and real packets follow', async () => {
			const objects = [service('web', ['10.96.0.20']), webSlice(1, 2)];
			await lab.listen(intake(documents(...objects), NEWEST_BEHAVIOUR).state);
			await apply(...objects);
			await leadsTo(1, 2);
			await expectFlows(lab, plan, [['pod', WEB, reaches(plan.target(1, 5), plan.target(2, 5))]]);
		});

		it('follows a change, and a Service that is deleted', async () => {
			await apply(webSlice(2));
			await leadsTo(2);
			await lab.forgetConnections();
			await expectFlows(lab, plan, [['pod', WEB, reaches(plan.target(2, 5))]]);
			await plane().kubectl(['-n', 'shop', 'delete', 'service', 'web']);
			await until('the Service is gone', async () => {
				const map = await lab.run('nft', ['list', 'map', 'ip', 'nft-gen', 'services']);
				return !map.includes('10.96.0.20');
			});
		});

		it('drops what no Service has in the networks that the cluster says are for Services', async () => {
			const chain = await lab.run('nft', ['list', 'chain', 'ip', 'nft-gen', 'check-cluster-ips']);
			expect(chain).toContain('10.96.0.0/16 drop');
		});

		it('complains of nothing that the ServiceAccount may not do', () => {
			expect(agent.log().filter(({ reason }) => reason === 'forbidden' || reason === 'unauthorized')).toEqual([]);
		});
	});
});
