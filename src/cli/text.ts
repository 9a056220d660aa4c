// What reports for people are laid out with.

/** Rows as lines in which each column begins at one place. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
	const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows.map((row) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

/** Lines two columns further in; empty ones stay empty. */
export function indented(lines: readonly string[]): readonly string[] {
	return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
