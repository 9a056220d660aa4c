import type { FailOn } from '../../check/gates.ts';
import type { ConfigSelection } from '../config-options.ts';
import { CommandError, EXIT } from '../exit.ts';
import { type NetworkSelection, networkSettings } from '../network-options.ts';
import type { CheckCommand } from './check.ts';

/** What commander makes of the command line. */
export interface CheckOptions extends NetworkSelection, ConfigSelection {
	readonly kubeconfig?: string;
	readonly context?: string;
	readonly cluster?: string;
	readonly assert?: string;
	readonly lint?: string;
	readonly severity: readonly string[];
	readonly failOn: FailOn;
	readonly strict: boolean;
	readonly kernel: boolean;
	readonly format: CheckCommand['format'];
	readonly output?: string;
}

/**
 * What a command line asks for.
 * @throws CommandError where its words make no sense together
 */
export function commandOf(source: string, options: CheckOptions): CheckCommand {
	if (source === '-' && options.cluster === '-') {
		throw new CommandError('either SRC or --cluster can be standard input', EXIT.usage);
	}
	return {
		source,
		cluster: options.cluster ?? null,
		choice: { kubeconfig: options.kubeconfig ?? null, context: options.context ?? null },
		network: networkSettings(options, 'missing'),
		assertions: options.assert ?? null,
		lints: options.lint === undefined ? null : options.lint.split(','),
		severities: options.severity,
		failOn: options.failOn,
		strict: options.strict,
		kernel: options.kernel,
		format: options.format,
		output: options.output ?? null,
	};
}
