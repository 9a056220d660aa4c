import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainEndpoint } from '../../src/intake/plain-endpoint.ts';
import { endpointShape } from '../../src/intake/shapes.ts';

const JUNK = fc.constantFrom<unknown>(null, undefined, 7, 'x', [], ['10.0.0.1', 7], {}, { ready: 'yes' }, [{}]);
const some = (...usual: readonly unknown[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, JUNK);

const POD = { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'u' };
const arbitraryEndpoint = fc.oneof(
	{
		weight: 20,
		arbitrary: fc.record(
			{
				addresses: some(['10.244.1.5'], ['10.244.1.5', '10.244.1.6'], []),
				conditions: some({ ready: true }, { ready: true, serving: null, terminating: false }, { other: 1 }),
				nodeName: some('n1', ''),
				targetRef: some(POD, { ...POD, kind: 'Node' }, { ...POD, namespace: 'A' }, { ...POD, name: 7 }),
				zone: some('eu-1a'),
				hints: some({ forZones: [{ name: 'eu-1a' }] }),
			},
			{ requiredKeys: [] },
		),
	},
	JUNK,
);

describe('an endpoint that is plain', () => {
	it('is one of which its shape makes nothing else', () => {
		fc.assert(
			fc.property(arbitraryEndpoint, (value) => {
				if (!isPlainEndpoint(value)) return;
				const { success, data } = endpointShape.safeParse(value);
				expect(success).toBe(true);
				// Fields that nobody reads are all that the shape takes away.
				expect(value).toMatchObject(JSON.parse(JSON.stringify(data)));
				expect([data?.conditions?.ready, data?.targetRef?.name]).toEqual([
					value.conditions?.ready,
					value.targetRef?.name,
				]);
			}),
			{ numRuns: 2000 },
		);
	});

	it('is what the EndpointSlice controller writes without hints', () => {
		const conditions = { ready: true, serving: true, terminating: false };
		const written = { addresses: ['10.244.1.5'], conditions, nodeName: 'n1', targetRef: POD, zone: 'eu-1a' };
		expect(isPlainEndpoint(written)).toBe(true);
		expect(isPlainEndpoint({ ...written, hints: { forZones: [{ name: 'eu-1a' }] } })).toBe(false);
	});
});
