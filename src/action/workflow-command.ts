import { plain } from '../report/escape.ts';

/**
 * A line by which a step tells the runner something: `::error file=deploy/web.yaml,line=14::no endpoint is left`. Nothing of the
 * message or a property can end the line or begin another one (actions/toolkit `packages/core/src/command.ts`).
 */
export function workflowCommand(
	name: 'error' | 'warning' | 'notice',
	message: string,
	properties: Readonly<Record<string, string | number>> = {},
): string {
	const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
	return `::${[name, ...(pairs.length === 0 ? [] : [pairs.join(',')])].join(' ')}::${escapedData(message)}`;
}

function escapedData(text: string): string {
	return plain(text).replaceAll('%', '%25');
}

function escapedProperty(text: string): string {
	return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * A value in the file named by GITHUB_OUTPUT.
 * @param delimiter a line that no value has; nobody can have guessed a random one
 */
export function outputText(name: string, value: string, delimiter: string): string {
	return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
