import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readManifests } from '../../src/host/manifests/manifests.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compiled, type TestRuleset } from '../support/compiled.ts';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, reachesMasqueraded, tcp, udp } from './flows.ts';
import { describeLab, type Lab } from './lab.ts';
import { loadedObjects, wantedObjects } from './loaded-objects.ts';
import { type ClientName, cluster, PLANS } from './plan.ts';

const LONG = 'x'.repeat(63);
const KEYWORDS = ['accept', 'counter', 'drop', 'goto', 'inet', 'ip', 'ip6', 'jump', 'map', 'numgen', 'table', 'tcp'];
/** Legal names that a careless ruleset would read as something else, or that are as long as they can be. */
const NAMES = [...KEYWORDS, '0', '1e3', '0x10', 'a--b', 'dead-beef', LONG];

async function shop(changes: Partial<Settings> = {}): Promise<TestRuleset> {
	const { documents } = await readManifests(['examples/shop'], Readable.from([]));
	return compiled(
		documents.map((document) => document.value),
		changes,
	);
}

async function expectLoaded(lab: Lab, { ruleset }: TestRuleset): Promise<void> {
	for (const table of ruleset.tables) {
		expect(await loadedObjects(lab, table.family, table.name)).toEqual(wantedObjects(table));
	}
}

/** In one transaction, for speed. nft names the file of an error; the kernel takes 1,024 chains at a hook. */
const FILES_AT_ONCE = 100;

function goldens(): readonly string[] {
	const files = readdirSync('golden', { recursive: true, encoding: 'utf8' });
	return files.filter((file) => file.endsWith('.nft')).map((file) => `golden/${file}`);
}

describeLab('loading rulesets into the kernel', (lab) => {
	it.each(['n1', 'n2', 'n3'])('the example, for node %s: exactly its sets, maps and chains', async (node) => {
		const ruleset = await shop({ node });
		await lab().apply(ruleset.text);
		await expectLoaded(lab(), ruleset);
	});

	it('no objects at all: an empty ruleset loads', async () => {
		await expectLoaded(lab(), await lab().load([]));
	});

	it('one family only: the other table is not made', async () => {
		await lab().run('nft', ['flush', 'ruleset']);
		await lab().load(cluster(), { families: ['ip6'] });
		expect(await lab().run('nft', ['list', 'tables'])).toBe('table ip6 nft-gen');
	});

	it('a table of another name stands beside the first', async () => {
		await lab().run('nft', ['flush', 'ruleset']);
		const other = await lab().load(cluster(), { families: ['ip'], table: 'trial' });
		await lab().load(cluster(), { families: ['ip'] });
		await expectLoaded(lab(), other);
		await lab().run('nft', ['flush', 'ruleset']);
	});

	it.each(PLANS)('$name: names that are keywords, numbers or very long load as they are and work', async (plan) => {
		const affinity = { sessionAffinity: 'ClientIP' };
		const objects = NAMES.flatMap((name, index) => {
			const ports = [{ name, protocol: 'TCP', port: 80, nodePort: 30100 + index }];
			return [
				service(name, [plan.clusterIp(100 + index)], {
					namespace: name,
					spec: { type: 'LoadBalancer', ports, externalTrafficPolicy: 'Local', ...(index % 2 === 0 ? affinity : {}) },
					status: { loadBalancer: { ingress: [{ ip: plan.external(100 + index) }] } },
				}),
				slice(name, [endpoint({ address: plan.pod(1, 10 + index), node: 'n1' })], {
					namespace: name,
					name: `${name.slice(0, 50)}-1`,
					ports: [{ name, protocol: 'TCP', port: 8080 }],
				}),
			];
		});
		const ruleset = await lab().load([...cluster(), ...objects]);
		expect(ruleset.problems).toEqual([]);
		await expectLoaded(lab(), ruleset);
		await expectFlows(
			lab(),
			plan,
			NAMES.flatMap((_, index) => [
				['pod', tcp(plan.clusterIp(100 + index)), reaches(plan.target(1, 10 + index))] as const,
				['outside', tcp(plan.external(100 + index)), reaches(plan.target(1, 10 + index))] as const,
			]),
		);
	});

	it('the longest name there can be: an affinity set of longest names and an IPv6 address without zeros', async () => {
		const address = 'fd00:1010:2444:1111:2222:3333:4444:5555';
		const spec = { sessionAffinity: 'ClientIP', ports: [{ name: LONG, protocol: 'TCP', port: 80 }] };
		const ruleset = await lab().load([
			...cluster(),
			service(LONG, ['fd00:10:96::20'], { namespace: LONG, spec }),
			slice(LONG, [endpoint({ address, node: 'n2' })], {
				namespace: LONG,
				name: 'long',
				ports: [{ name: LONG, protocol: 'TCP', port: 65535 }],
			}),
		]);
		const name = `affinity/${LONG}/${LONG}/${LONG}/${address.replaceAll(':', '.')}.65535`;
		expect(ruleset.set(name, 'ip6')).toEqual([]);
		await expectLoaded(lab(), ruleset);
	});

	it('the example works: the shop’s front, DNS, cart, reports and partners', async () => {
		const { documents } = await readManifests(['examples/shop'], Readable.from([]));
		await lab().load(documents.map((document) => document.value));
		for (const plan of PLANS) {
			const { clusterIp, target } = plan;
			// 10.0.0.0/8 may use the load balancer's address, the IPv6 pod network and the outsiders of our plan may not.
			const pods = plan.family === 'ip' ? reaches(target(1, 5), target(2, 5)) : 'silence';
			const loadBalancer = plan.family === 'ip' ? plan.external(10) : '2001:db8::10';
			const outside: ClientName = 'outside';
			await expectFlows(lab(), plan, [
				['pod', tcp(clusterIp(20)), reaches(target(1, 5), target(2, 5))],
				['pod', tcp(loadBalancer), pods],
				[outside, tcp(loadBalancer), plan.family === 'ip' ? reaches(target(1, 5)) : 'silence'],
				[outside, tcp(plan.node(1), 30080), reaches(target(1, 5))],
				['pod', udp(clusterIp(10), 53), reaches(target(1, 2, 53))],
				['pod', tcp(clusterIp(10), 53), reaches(target(1, 2, 53))],
				['pod', tcp(clusterIp(30)), reaches(target(1, 6))],
				['pod', tcp(clusterIp(40), 9000), reaches(target(1, 7, 9000), target(2, 7, 9000))],
				[outside, tcp(plan.node(1), 30443), reachesMasqueraded(target(2, 8, 8443), target(3, 8, 8443))],
				['pod', tcp(clusterIp(70)), 'refused'],
			]);
		}
	});

	it('every golden file is accepted', async () => {
		const files = goldens();
		for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
			const includes = files.slice(first, first + FILES_AT_ONCE).map((file) => `include "${resolve(file)}"\n`);
			await lab().run('nft', ['-c', '-f', '-'], includes.join(''));
		}
		expect(files.length).toBeGreaterThan(450);
	});
});
