import { beforeEach, describe, expect, it } from 'vitest';
import { kubeProxyRuleset } from '../../bench/kube-proxy/ruleset.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { expectFlows, reaches, tcp } from '../kernel/flows.ts';
import { describeLab } from '../kernel/lab.ts';
import { cluster, PLANS } from '../kernel/plan.ts';
import { compiled } from '../support/compiled.ts';
import { documents, endpoint, service, slice } from '../support/objects.ts';

// What docs/replacing-kube-proxy.md says of a node on which kube-proxy's rules and ours are at once. Each is told of
// another endpoint, so that it shows who answers.

const IN_BOTH_FAMILIES = ['ip', 'ip6'] as const;

describeLab('kube-proxy’s rules and ours at once', (lab) => {
	describe.each(PLANS)('$name', (plan) => {
		const web = tcp(plan.clusterIp(20));
		const objects = (number: number) => [
			...cluster(),
			service('web', [plan.clusterIp(20)]),
			slice('web', [endpoint({ address: plan.pod(1, number), node: 'n1' })]),
		];
		const podNetwork = plan.family === 'ip' ? '10.244.0.0/16' : 'fd00:10:244::/48';
		const state = (number: number) => intake(documents(...objects(number)), NEWEST_BEHAVIOUR).state;
		const theirs = kubeProxyRuleset(state(5), { node: 'n1', podNetwork, release: '1.36' });
		const ours = compiled(objects(6)).text;
		const answers = (number: number) => expectFlows(lab(), plan, [['pod', web, reaches(plan.target(1, number))]]);
		const remove = async (table: string) => {
			for (const family of IN_BOTH_FAMILIES) await lab().run('nft', ['delete', 'table', family, table]);
		};
		const { place, source } = plan.client('pod');
		const open = () => lab().ask(place, { ask: 'open', connection: 1, ...web, source, timeout: 3000 });
		const echo = (timeout: number) => lab().ask(place, { ask: 'echo', connection: 1, timeout });
		const close = () => lab().ask(place, { ask: 'close', connection: 1 });

		beforeEach(async () => {
			await lab().run('nft', ['flush', 'ruleset']);
			await lab().forgetConnections();
			await Promise.all([5, 6].map((number) => lab().listen(state(number))));
		});

		it('the table made last answers', async () => {
			await lab().apply(theirs);
			await answers(5);
			await lab().apply(ours);
			await answers(6);
			await lab().apply(theirs);
			await answers(5);
		});

		it('open connections outlive the change from one to the other', async () => {
			await lab().apply(theirs);
			expect(await open()).toMatchObject({ kind: 'answered', by: plan.target(1, 5) });
			await lab().apply(ours);
			expect((await echo(3000)).kind).toBe('answered');
			await remove('kube-proxy');
			expect((await echo(3000)).kind).toBe('answered');
			await answers(6);
			await lab().apply(theirs);
			await remove('nft-gen');
			expect((await echo(3000)).kind).toBe('answered');
			await close();
		});

		it('open connections hang while there is neither', async () => {
			await lab().apply(theirs);
			expect((await open()).kind).toBe('answered');
			await remove('kube-proxy');
			expect((await echo(500)).kind).toBe('silence');
			await close();
		});
	});
});
