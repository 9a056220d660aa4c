import { describe, expect, it } from 'vitest';
import { read } from '../support/intake.ts';
import { service } from '../support/objects.ts';
import { told } from '../support/problems.ts';

const WEB = service('web', ['10.96.0.20']);

describe('objects defined twice', () => {
	const version = (resourceVersion: string, clusterIp: string) =>
		service('web', [clusterIp], { metadata: { resourceVersion } });

	it('the same twice, however its keys are ordered, is no problem', () => {
		const turned = Object.fromEntries(Object.entries(WEB).reverse());
		expect(read(WEB, turned, structuredClone(WEB)).problems).toEqual([]);
	});

	it('what differs only in what nobody reads is no problem, and what differs in an annotation is one', () => {
		const managed = (manager: string) => service('web', ['10.96.0.20'], { metadata: { managedFields: [{ manager }] } });
		const annotated = service('web', ['10.96.0.20'], { metadata: { annotations: { a: 'b' } } });
		expect(read(managed('a'), managed('b'), WEB).problems).toEqual([]);
		expect(read(WEB, annotated).problems.map(({ code }) => code)).toEqual(['defined-twice']);
	});

	it('the same alone and in a typed list, which says once what its items are, is no problem', () => {
		const { apiVersion: _version, kind: _kind, ...bare } = WEB;
		expect(read(WEB, { apiVersion: 'v1', kind: 'ServiceList', items: [bare] }).problems).toEqual([]);
	});

	it.each([[['9', '10']], [['10', '9']]])('the higher resourceVersion stays, in any order (%j)', (order) => {
		const objects = order.map((each) => version(each, `10.96.0.${each}`));
		const found = read(...objects);
		expect(found.state.services[0]?.ports[0]?.addresses.ip?.clusterIp).toBe('10.96.0.10');
		expect(told(found.problems)).toEqual([
			'error defined-twice Service shop/web: it is defined twice with different content; this one is left out, the other one in this file is used',
		]);
	});

	it('without a resourceVersion the result is one all the same', () => {
		const [a, b, c] = ['10.96.0.1', '10.96.0.2', '10.96.0.3'].map((ip) => service('web', [ip]));
		const used = [
			[a, b, c],
			[c, b, a],
			[b, c, a],
		].map((order) => read(...order).state.services[0]?.ports[0]?.addresses.ip?.clusterIp);
		expect(new Set(used).size).toBe(1);
	});

	it('values nested without end are compared without a crash', () => {
		let deep: unknown = 1;
		for (let depth = 0; depth < 100_000; depth++) deep = [deep];
		const nested = { ...WEB, metadata: { name: 'web', namespace: 'shop', annotations: { deep } } };
		expect(() => read(nested, { ...nested, spec: {} })).not.toThrow();
	});
});
