/** Figures for people: the first column names the row, the others hold numbers. */
export interface Table {
	readonly title: string;
	readonly columns: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

/** A table as lines of text, names to the left and numbers to the right. */
export function tableLines({ title, columns, rows }: Table): readonly string[] {
	const all = [columns, ...rows];
	const widths = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
	const line = (row: readonly string[]) =>
		widths
			.map((width, column) => (column === 0 ? (row[0] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
			.join('  ')
			.trimEnd();
	return [title, ...all.map((row) => `  ${line(row)}`)];
}
