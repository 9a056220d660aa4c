import { type RecordFile, saveTableRecords, type TableRecord } from '../../host/table-records.ts';
import type { AgentObserver } from '../observer.ts';
import { newRecord } from '../recorded.ts';

/**
 * Notes what the tables hold for the next start, whenever that changed. Nothing waits for it: while one note is written, only
 * the last of those that follow is kept. A note that comes too late or never is harmless, as the fence does not fit it.
 */
export function tableRecordsDuty(file: RecordFile, onFailure: (reason: string) => void): Partial<AgentObserver> {
	let waiting: readonly TableRecord[] | null = null;
	let isWriting = false;
	let last = '';
	const write = async () => {
		isWriting = true;
		for (let records = waiting; records !== null; records = waiting) {
			waiting = null;
			const failure = await saveTableRecords(file, records);
			if (failure !== null) onFailure(failure);
		}
		isWriting = false;
	};
	return {
		onTables: (states) => {
			const records = states.flatMap((state) => newRecord(state) ?? []);
			const text = JSON.stringify(records);
			if (text === last) return;
			last = text;
			waiting = records;
			if (!isWriting) void write();
		},
	};
}
