import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTableRecords, saveTableRecords, type TableRecord } from '../../src/host/table-records.ts';

const RECORDS: readonly TableRecord[] = [
	{ family: 'ip', table: 'nft-gen', generation: ['1', '65535'], digest: 'a.b', left: ['cluster/shop/web/http'] },
	{ family: 'ip6', table: 'nft-gen', generation: ['7', '8'], digest: 'c.d', left: [] },
];

describe('records of tables', () => {
	let folder: string;
	let path: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'nft-gen-records-'));
		path = join(folder, 'state', 'tables.json');
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));
	const file = (maker = '1') => ({ path, maker });

	it('come back as they were written, whatever was there before', async () => {
		expect(await loadTableRecords(file())).toEqual({ records: [], ignored: null });
		for (const records of [RECORDS.slice(1), RECORDS]) {
			expect(await saveTableRecords(file(), records)).toBeNull();
			expect(await loadTableRecords(file())).toEqual({ records, ignored: null });
		}
		expect(existsSync(`${path}.new`)).toBe(false);
	});

	it('of another release or other templates are passed over in silence', async () => {
		await saveTableRecords(file('1'), RECORDS);
		expect(await loadTableRecords(file('2'))).toEqual({ records: [], ignored: null });
		writeFileSync(path, readFileSync(path, 'utf8').replace('"version":1', '"version":2'));
		expect(await loadTableRecords(file('1'))).toEqual({ records: [], ignored: null });
	});

	it('fault 34: that are cut off anywhere give none', async () => {
		await saveTableRecords(file(), RECORDS);
		const text = readFileSync(path, 'utf8');
		for (let end = 0; end < text.length - 1; end++) {
			writeFileSync(path, text.slice(0, end));
			const { records, ignored } = await loadTableRecords(file());
			expect([end, records]).toEqual([end, end === text.length - 1 ? RECORDS : []]);
			expect(ignored).toMatch(/^what was noted of the tables is ignored: .*tables\.json is damaged$/);
		}
	});

	it.each([
		['another file', '{"format":"something"}', 'is something else'],
		['no object', '[]', 'is something else'],
		['null', 'null', 'is damaged'],
		['no list', '{"format":"nft-gen tables","version":1,"maker":"1","tables":{}}', 'is damaged'],
		[
			'a record of another shape',
			'{"format":"nft-gen tables","version":1,"maker":"1","tables":[{"family":"ip"}]}',
			'is damaged',
		],
		[
			'another family',
			JSON.stringify({ format: 'nft-gen tables', version: 1, maker: '1', tables: [{ ...RECORDS[0], family: 'inet' }] }),
			'is damaged',
		],
		['what is too large', ' '.repeat(5 << 20), 'is too large'],
	])('fault 34: %s gives none', async (_what, text, why) => {
		await saveTableRecords(file(), []);
		writeFileSync(path, text);
		expect(await loadTableRecords(file())).toEqual({
			records: [],
			ignored: `what was noted of the tables is ignored: ${path} ${why}`,
		});
	});

	it('that others may have written, or that are elsewhere, give none', async () => {
		await saveTableRecords(file(), RECORDS);
		chmodSync(path, 0o666);
		expect((await loadTableRecords(file())).ignored).toMatch(/may be written by other users$/);
		rmSync(path);
		writeFileSync(join(folder, 'elsewhere'), '{}');
		symlinkSync(join(folder, 'elsewhere'), path);
		expect((await loadTableRecords(file())).ignored).toMatch(/tables\.json is a symbolic link/);
	});

	it('fault 33: that cannot be written are said, and nothing is thrown', async () => {
		writeFileSync(join(folder, 'state'), 'a file where a folder should be');
		expect(await saveTableRecords(file(), RECORDS)).toMatch(
			/^what the tables hold could not be noted for the next start: .*tables\.json /,
		);
	});
});
