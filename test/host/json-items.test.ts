import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonItems } from '../../src/host/manifests/json-items.ts';

/** The items that are found, parsed again. */
function itemsIn(text: string, ...wanted: readonly number[]): Readonly<Record<number, unknown>> {
	const found = jsonItems(text, new Set(wanted));
	return Object.fromEntries([...found].map(([index, { start, end }]) => [index, JSON.parse(text.slice(start, end))]));
}

describe('items of a JSON list', () => {
	it('are found where they stand, whatever is in them and before them', () => {
		const value = fc.jsonValue({ depthSize: 'small' });
		fc.assert(
			fc.property(value, fc.array(value), fc.constantFrom(undefined, 1, 4), (before, items, indent) => {
				const text = JSON.stringify({ 'a"items"': before, items, kind: 'List' }, null, indent);
				const all = items.map((_, index) => index);
				expect(itemsIn(text, ...all)).toEqual({ ...JSON.parse(JSON.stringify(items)) });
			}),
		);
	});

	it('are none where there is no list, no such item, or nothing at all', () => {
		for (const text of ['', '[]', '{}', '{"items": {}}', '{"items": []}', '{"kind": "List", "items": [1, 2]}']) {
			expect(itemsIn(text, 7)).toEqual({});
		}
	});
});
