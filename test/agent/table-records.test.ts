import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tableRecordsDuty } from '../../src/agent/duties/table-records.ts';
import { newTableState, type TableState, takeAsApplied } from '../../src/agent/table-state.ts';
import { loadTableRecords } from '../../src/host/table-records.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { programs } from '../support/programs.ts';

describe('what the tables hold is noted for the next start', () => {
	function begin() {
		const folder = mkdtempSync(join(tmpdir(), 'nft-gen-notes-'));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const file = { path: join(folder, 'tables.json'), maker: '1' };
		const failures: string[] = [];
		const duty = tableRecordsDuty(file, (reason) => failures.push(reason));
		const note = (state: TableState) => duty.onTables?.([state]);
		const written = async () => (await loadTableRecords(file)).records.map(({ generation }) => generation.join());
		return { folder, file, failures, note, written };
	}
	function tableAt(generation: number): TableState {
		const [program] = programs(nodes());
		if (program === undefined) throw new Error('there is a family');
		const { frame } = program;
		const state = newTableState({ family: 'ip', frame, ports: new Map(), views: new Map() });
		takeAsApplied(state, new Map(), [String(generation), '1']);
		return state;
	}
	const settled = () => new Promise((resolve) => setTimeout(resolve, 100));

	it('of many changes that come while one is written, the last one is', async () => {
		const { note, written, failures } = begin();
		for (let generation = 1; generation <= 100; generation++) note(tableAt(generation));
		await expect.poll(written).toEqual(['100,1']);
		expect(failures).toEqual([]);
	});

	it('nothing is written when nothing changed', async () => {
		const { file, note, written } = begin();
		note(tableAt(1));
		await expect.poll(written).toEqual(['1,1']);
		const { ino } = statSync(file.path);
		note(tableAt(1));
		await settled();
		expect(statSync(file.path).ino).toBe(ino);
	});

	it('a table of which nobody knows what it holds is left out', async () => {
		const { file, note, written } = begin();
		note(tableAt(1));
		await expect.poll(written).toEqual(['1,1']);
		const state = tableAt(2);
		state.applied = null;
		note(state);
		await expect.poll(() => readFileSync(file.path, 'utf8')).toContain('"tables":[]');
	});

	it('fault 33: where it cannot be written, that is said each time it is tried, and the agent goes on', async () => {
		const { folder, failures, note } = begin();
		rmSync(folder, { recursive: true });
		writeFileSync(folder, '');
		note(tableAt(1));
		await expect.poll(() => failures).toHaveLength(1);
		note(tableAt(2));
		await expect.poll(() => failures).toHaveLength(2);
		expect(failures[0]).toMatch(/^what the tables hold could not be noted for the next start: /);
	});
});
