import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bothForms } from '../../bench/boundary/forms.ts';
import { floorRuleset } from '../../bench/floor/ruleset.ts';
import { KUBE_PROXY_RELEASES } from '../../bench/kube-proxy/release.ts';
import { kubeProxyRuleset } from '../../bench/kube-proxy/ruleset.ts';
import { createNamespaces, inNamespace } from '../../bench/measure/namespaces.ts';
import { POD_NETWORK } from '../../bench/state/address-plan.ts';
import { clusterList, plainShape } from '../../bench/state/state.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { describeKernel } from '../kernel/requirements.ts';
import { compiled } from '../support/compiled.ts';

const SERVICES = 12;
const ENDPOINTS = 5;
const LIST = clusterList(plainShape(SERVICES, ENDPOINTS));
const OURS = compiled([LIST]).text;
const STATE = intake([{ file: 'made-up', index: 0, value: LIST }], NEWEST_BEHAVIOUR).state;
const THEIRS = KUBE_PROXY_RELEASES.map(
	(release) => [release, kubeProxyRuleset(STATE, { node: 'n1', podNetwork: POD_NETWORK, release })] as const,
);
const FLOOR = floorRuleset(STATE, { podNetwork: POD_NETWORK });

describeKernel('the rulesets of the benchmark', () => {
	const namespaces = createNamespaces();
	const folder = mkdtempSync(join(tmpdir(), 'nftgen-test-'));
	let namespace = '';

	beforeAll(() => {
		namespace = namespaces.add();
	});

	afterAll(() => {
		namespaces.clear();
		rmSync(folder, { recursive: true });
	});

	function nft(text: string, ...options: readonly string[]): string {
		const file = join(folder, 'rules.nft');
		writeFileSync(file, text);
		return inNamespace(namespace, 'nft', ...options, '-f', file);
	}

	function loaded(text: string, table: string): string {
		nft(text);
		return inNamespace(namespace, 'nft', 'list', 'table', 'ip', table);
	}

	it('are ones that nft accepts, ours too', () => {
		expect(nft(OURS, '-c')).toBe('');
		const ours = loaded(OURS, 'nft-gen');
		expect(services(ours)).toHaveLength(SERVICES);
		expect(endpoints(ours)).toHaveLength(SERVICES * ENDPOINTS);
	});

	it.each(THEIRS)('lead to the same Services and endpoints in the shape of kube-proxy %s', (_, text) => {
		const ours = loaded(OURS, 'nft-gen');
		const theirs = loaded(text, 'kube-proxy');
		expect(services(theirs)).toEqual(services(ours));
		expect(endpoints(theirs)).toEqual(endpoints(ours));
	});

	it('lead to the same Services and endpoints in the fewest commands that could serve', () => {
		const ours = loaded(OURS, 'nft-gen');
		const floor = loaded(FLOOR, 'floor');
		expect(services(floor)).toEqual(services(ours));
		expect(endpoints(floor)).toEqual(endpoints(ours));
	});

	it('are accepted with a rule for each endpoint and with a map, leading to the same endpoints', async () => {
		const { texts } = await bothForms({ ...plainShape(SERVICES, ENDPOINTS), protocol: 'UDP' });
		const rules = endpoints(loaded(texts.rules, 'nft-gen'));
		expect(endpoints(loaded(texts.map, 'nft-gen'))).toEqual(rules);
		expect(rules).toHaveLength(SERVICES * ENDPOINTS);
	});
});

/** The keys that lead to a Service's chain. */
function services(listing: string): readonly string[] {
	return [...listing.matchAll(/([\d.]+ \. \w+ \. \w+) : goto/g)].map(([, key = '']) => key).sort();
}

/** The targets of rules and of maps, in one spelling. */
function endpoints(listing: string): readonly string[] {
	const targets = [...listing.matchAll(/dnat to ([\d.]+:\d+)|\d+ : ([\d.]+) \. ([\w-]+)/g)];
	return targets.map(([, target, address, port]) => target ?? `${address}:${port}`).sort();
}
