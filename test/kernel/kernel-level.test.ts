import { expect, it } from 'vitest';
import { kernelLevel } from '../../src/cli/check/kernel-level.ts';
import type { Ruleset } from '../../src/model/ruleset.ts';
import { compiled, show } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { describeKernel } from './requirements.ts';

const { ruleset } = compiled([
	node(1),
	service('web', ['10.96.0.10'], { spec: { sessionAffinity: 'ClientIP' } }),
	slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' }), endpoint({ address: '10.244.2.5', node: 'n2' })]),
]);

/** The ruleset with a rule that jumps nowhere. */
function broken(): Ruleset {
	const tables = ruleset.tables.map((table) => ({
		...table,
		chains: table.chains.filter(({ name }) => name !== 'dispatch'),
	}));
	return { ...ruleset, node: 'n2', tables };
}

describeKernel('loading whole rulesets to see what the kernel makes of them', () => {
	it('finds nothing where the kernel holds what was rendered, and the reason where it does not take it', async () => {
		const level = await kernelLevel([ruleset, broken()], show);
		expect(level).toEqual({
			kind: 'run',
			results: [
				{ node: 'n1', problems: [] },
				{
					node: 'n2',
					problems: [
						expect.stringMatching(/^the kernel does not take the ruleset: line \d+: .*No such file or directory/),
					],
				},
			],
		});
	});

	it('finds what the text says otherwise than the rules it was made of', async () => {
		const wrong: typeof show = (...args) =>
			show(...args)
				.replace('10.244.1.5:8080', '10.244.1.5:8081')
				.replace('ip daddr @cluster-ips reject', 'reject');
		expect(await kernelLevel([ruleset], wrong)).toEqual({
			kind: 'run',
			results: [
				{
					node: 'n1',
					problems: [
						'table ip nft-gen: chain check-cluster-ips has other rules in the kernel, from rule 1 on',
						'table ip nft-gen: chain endpoint/shop/web/http/10.244.1.5.8080 has other rules in the kernel, from rule 2 on',
					],
				},
			],
		});
	});
});
