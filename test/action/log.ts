/** What the runner takes out of a step's log. */
export interface Commands {
	/** `error`, `add-mask`, … with what stands after it */
	readonly commands: readonly string[];
	/** all other lines */
	readonly lines: readonly string[];
}

/** Reads a log as the runner does: lines that begin with `::` are commands, until one stops that (actions/runner `ActionCommandManager.cs`). */
export function readLog(log: string): Commands {
	const commands: string[] = [];
	const lines: string[] = [];
	let stopped: string | null = null;
	for (const line of log.split(/\r?\n/)) {
		const text = line.trimStart();
		const isCommand = text.startsWith('::') || text.includes('##[');
		if (stopped !== null) {
			if (text === `::${stopped}::`) stopped = null;
			else lines.push(line);
		} else if (text.startsWith('::stop-commands::')) stopped = text.slice('::stop-commands::'.length);
		else if (isCommand) commands.push(text);
		else lines.push(line);
	}
	return { commands, lines: lines.filter((line) => line !== '') };
}
