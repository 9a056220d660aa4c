import { describe, expect, it } from 'vitest';
import type { FindingOptions } from '../../src/findings/findings.ts';
import { type FailOn, failedGates, readSeverity } from '../../src/findings/gates.ts';
import { readScope, type Scope } from '../../src/findings/scope.ts';
import type { Finding } from '../../src/model/change-set.ts';
import { found, inShort } from '../support/found.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

/** As many Services as told, of which some have no endpoint. */
function cluster(services: number, empty = 0): readonly unknown[] {
	const each = Array.from({ length: services }, (_, index) => {
		const pods = index < empty ? [] : [endpoint({ address: `10.244.1.${index + 2}`, node: 'n1' })];
		return [service(`s${index}`, [`10.96.0.${index + 2}`]), slice(`s${index}`, pods)];
	});
	return [node(1), ...each.flat()];
}

function gatesOf(findings: readonly Finding[], failOn: FailOn = 'never'): readonly string[] {
	return failedGates(findings, { failOn, maxRemovedPercent: 30 }).map(({ gate, sentence }) => `${gate}: ${sentence}`);
}

describe('--fail-on', () => {
	const lost = found(cluster(1), cluster(1, 1));
	const more = found(cluster(2), [...cluster(2), service('new', ['10.96.0.99'])]);

	it.each<[FailOn, readonly string[]]>([
		['never', []],
		['error', ['--fail-on error: there is 1 error']],
		['warn', ['--fail-on warn: there is 1 error']],
		['info', ['--fail-on info: there is 1 error']],
	])('%s of an error', (failOn, gates) => {
		expect(gatesOf(lost, failOn)).toEqual(gates);
	});

	it.each<[FailOn, readonly string[]]>([
		['error', []],
		['warn', []],
		['info', ['--fail-on info: there is 1 note']],
	])('%s of a note', (failOn, gates) => {
		expect(gatesOf(more, failOn)).toEqual(gates);
	});

	it('does not count what is waived', () => {
		const waiver = { reason: 'known', until: '2026-12-31' };
		expect(
			gatesOf(
				lost.map((finding) => ({ ...finding, waiver })),
				'info',
			),
		).toEqual([]);
	});
});

describe('--severity', () => {
	it.each([
		['client-ip-hidden=error', { id: 'client-ip-hidden', level: 'error' }],
		['client-ip-hiden=error', { wrong: 'there is no finding client-ip-hiden; did you mean client-ip-hidden?' }],
		['client-ip-hidden=fatal', { wrong: 'fatal is not error, warn or info' }],
		['client-ip-hidden', { wrong: 'client-ip-hidden is not ID=LEVEL, such as client-ip-hidden=error' }],
	])('reads %s', (text, expected) => {
		expect(readSeverity(text)).toEqual(expected);
	});

	it('changes the level of a finding, and its place, but not its fingerprint', () => {
		const severities: FindingOptions['severities'] = new Map([['service-blackholed', 'info']]);
		const [before] = found(cluster(1), cluster(1, 1));
		const [after] = found(cluster(1), cluster(1, 1), { severities });
		expect([before?.severity, after?.severity]).toEqual(['error', 'info']);
		expect(after?.fingerprint).toBe(before?.fingerprint);
	});
});

describe('--only-affects', () => {
	const scopes = (...texts: readonly string[]): readonly Scope[] => texts.flatMap((text) => readScope(text) ?? []);
	const outside = (...texts: readonly string[]) =>
		inShort(found(cluster(3), cluster(3, 2), { onlyAffects: scopes(...texts) })).filter((line) =>
			line.startsWith('out-of'),
		);

	it.each<[string, readonly string[]]>([
		['shop/s0', ['out-of-scope-change shop/s1']],
		['shop/*', []],
		['shop', []],
		['other', ['out-of-scope-change shop/s0', 'out-of-scope-change shop/s1']],
	])('%s', (text, expected) => {
		expect(outside(text)).toEqual(expected);
	});

	it('allows all that are named', () => {
		expect(outside('shop/s0', 'shop/s1')).toEqual([]);
	});

	it('fails, with the number of objects', () => {
		const findings = found(cluster(3), cluster(3, 2), { onlyAffects: scopes('other') });
		expect(gatesOf(findings)).toEqual(['--only-affects: 2 objects changed that are not meant to']);
	});

	it('counts rules that all Services share, and nodes', () => {
		const findings = found([...cluster(1), node(2)], [...cluster(1), node(3)], { onlyAffects: scopes('shop') });
		expect(inShort(findings)).toContain('out-of-scope-change');
	});

	it.each(['', 'a/b/c', 'shop/', 'Shop/web', 'shop/w*'])('does not read "%s"', (text) => {
		expect(readScope(text)).toBeNull();
	});
});

describe('--max-removed-percent', () => {
	const guarded = (services: number, empty: number, maxRemovedPercent: number | null = 30) =>
		gatesOf(found(cluster(services), cluster(services, empty), { maxRemovedPercent }));

	it('fails where more Services lose all endpoints', () => {
		expect(guarded(10, 4)).toEqual([
			'--max-removed-percent 30: 4 of 10 Services (40 %) are removed or lose all endpoints; at most 30 % may',
		]);
	});

	it('fails where more Services are removed', () => {
		expect(gatesOf(found(cluster(10), cluster(5), { maxRemovedPercent: 30 }))).toHaveLength(1);
	});

	it.each<[string, number, number, number | null]>([
		['as many as may', 10, 3, 30],
		['few Services at all', 9, 9, 30],
		['no guard', 10, 10, null],
	])('does not fail with %s', (_what, services, empty, most) => {
		expect(guarded(services, empty, most)).toEqual([]);
	});
});
