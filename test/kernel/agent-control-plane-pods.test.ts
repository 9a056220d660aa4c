import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents, endpoint, service, slice } from '../support/objects.ts';
import { describeController } from '../support/with-control-plane.ts';
import { openWorkload, type Workload } from '../support/workload.ts';
import { type RunningAgent, until } from './agent-run.ts';
import { deployAgent, untilLeadsTo } from './deployed-agent.ts';
import { type Destination, expectFlows, probe, reaches, tcp } from './flows.ts';
import { type Lab, openLab } from './lab.ts';
import type { Answer } from './messages.ts';
import { PLANS, type Plan } from './plan.ts';
import { describeKernel } from './requirements.ts';

// The whole way: Pods and Services as people make them, slices by the real controller, rules by the agent, real packets.

const [plan] = PLANS as readonly [Plan];
const WEB = tcp('10.96.0.20');
const CART = tcp('10.96.0.30');

describeKernel('nft-gen agent', () => {
	describeController('from a Pod to a packet', (plane) => {
		let folder: string;
		let lab: Lab;
		let agent: RunningAgent;
		let shop: Workload;

		const addPod = (name: string, node: number, host: number) =>
			shop.addPod(name, { ips: [plan.pod(node, host)], node: `n${node}`, labels: { app: name.split('-')[0] } });
		const addService = (name: string, { address }: Destination) =>
			shop.addService(name, { clusterIP: address, selector: { app: name } });
		const gets = (kind: Answer['kind'], to: Destination) =>
			until(`a pod's connection to ${to.address} is ${kind}`, async () => {
				const answer = await probe(lab, plan.client('pod'), to, 100);
				return answer.kind === kind;
			});
		const leadsTo = (...targets: readonly string[]) => untilLeadsTo(lab, 'shop/web/http', targets);
		const expectWeb = async (...targets: readonly string[]) => {
			await lab.forgetConnections();
			await expectFlows(lab, plan, [['pod', WEB, reaches(...targets)]]);
		};

		beforeAll(async () => {
			folder = mkdtempSync(join(tmpdir(), 'nft-gen-e2e-'));
			lab = await openLab();
			shop = await openWorkload(plane(), 'shop');
			await shop.setNodes({ n1: { zone: 'a' }, n2: { zone: 'a' } });
			const places = [plan.pod(1, 5), plan.pod(2, 5), plan.pod(1, 6)].map((address) => endpoint({ address }));
			await lab.listen(intake(documents(service('web', [WEB.address]), slice('web', places)), NEWEST_BEHAVIOUR).state);
			agent = await deployAgent(plane(), lab, folder);
		}, 60_000);
		afterAll(async () => {
			agent.kill('SIGKILL');
			await agent.ended;
			await lab.close();
			rmSync(folder, { recursive: true, force: true });
		});

		it('refuses while a Service has no Pod, and leads to the first one that gets ready', async () => {
			await addService('web', WEB);
			await gets('refused', WEB);
			const start = performance.now();
			await addPod('web-0', 1, 5);
			await gets('answered', WEB);
			tell('a Pod for a Service that waits', start);
			await expectWeb(plan.target(1, 5));
		});

		it('leads to a Service and its Pod that are new', async () => {
			const start = performance.now();
			await Promise.all([addPod('cart-0', 1, 6), addService('cart', CART)]);
			await gets('answered', CART);
			tell('a new Service with a Pod', start);
			await expectFlows(lab, plan, [['pod', CART, reaches(plan.target(1, 6))]]);
		});

		it('follows scaling up and down, to a Pod that terminates while there is no other, and to none', async () => {
			const [first, second] = [plan.target(1, 5), plan.target(2, 5)];
			await addPod('web-1', 2, 5);
			await leadsTo(first, second);
			await expectWeb(first, second);
			await shop.removePod('web-0', 300);
			await leadsTo(second);
			await expectWeb(second);
			await shop.removePod('web-1', 0);
			await leadsTo(first);
			await expectWeb(first);
			await shop.removePod('web-0', 0);
			await gets('refused', WEB);
		});
	});
});

/** For whoever reads the output; asserted nowhere. */
function tell(what: string, start: number): void {
	console.info(`first packet to ${what}: ${Math.round(performance.now() - start)} ms after the first request for it`);
}
