import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isFindingId, ruleOf } from '../../src/findings/catalogue.ts';
import type { Finding } from '../../src/model/change-set.ts';
import { arbitraryCluster, arbitraryService, nodes } from '../support/arbitrary-cluster.ts';
import { type Found, foundIn } from '../support/found.ts';
import { documents } from '../support/objects.ts';

const HERE = nodes();
const RUNS = { numRuns: 30 };

/** What is found where one Service becomes another one, and on the way back. */
const changes = fc.tuple(arbitraryService(1), arbitraryService(1)).map(([before, after]) => {
	const [base, head] = [documents(...HERE, ...before), documents(...HERE, ...after)];
	return { forth: foundIn(base, head), back: foundIn(head, base) };
});

function serviceOf({ object: { namespace, name } }: Finding): string {
	return `${namespace}/${name}`;
}

function tellsAll({ comparison, findings }: Found): void {
	const told = new Set(findings.flatMap(({ flows }) => flows));
	expect(comparison.flows.filter((flow) => !told.has(flow))).toEqual([]);
	const services = new Set(findings.map(serviceOf));
	const changed = [
		...comparison.services.map(({ namespace, name }) => `${namespace}/${name}`),
		...comparison.programs.map(({ owner }) => `${owner.namespace}/${owner.service}`),
	];
	expect(changed.filter((name) => !services.has(name))).toEqual([]);
}

function tellsOnce({ findings }: Found): void {
	const keys = findings.map(({ id, object }) => JSON.stringify([id, object]));
	expect(new Set(keys).size).toBe(findings.length);
	expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length);
}

function hasMirrors({ findings }: Found, other: Found): void {
	const found = new Set(other.findings.map((finding) => `${finding.id} ${serviceOf(finding)}`));
	const alone = findings.filter((finding) => {
		const { mirrors, waiver } = isFindingId(finding.id) ? ruleOf(finding.id) : { mirrors: [], waiver: null };
		return waiver === null && !mirrors.some((mirror) => found.has(`${mirror} ${serviceOf(finding)}`));
	});
	expect(alone.map((finding) => `${finding.id} ${serviceOf(finding)}`)).toEqual([]);
}

it('every flow, Service and program that changes is in a finding, each told once, with a mirror in the reverse (G9)', () => {
	fc.assert(
		fc.property(changes, ({ forth, back }) => {
			for (const each of [forth, back]) {
				tellsAll(each);
				tellsOnce(each);
			}
			hasMirrors(forth, back);
			hasMirrors(back, forth);
		}),
		RUNS,
	);
});

it('nothing is found where nothing changes, whatever the order of the input', () => {
	fc.assert(
		fc.property(arbitraryCluster, (services) => {
			const objects = services.flat();
			expect(foundIn(documents(...objects), documents(...objects.toReversed())).findings).toEqual([]);
		}),
		RUNS,
	);
});
