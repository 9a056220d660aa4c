import type { FailOn } from '../../findings/gates.ts';
import type { ConfigSelection } from '../config-options.ts';
import { CommandError, EXIT } from '../exit.ts';
import { type NetworkSelection, networkSettings } from '../network-options.ts';
import type { DiffRequest } from './diff.ts';

/** What commander makes of the command line of `diff`. */
export interface DiffOptions extends NetworkSelection, ConfigSelection {
	readonly base?: string;
	readonly kubeconfig?: string;
	readonly context?: string;
	readonly cluster?: string;
	readonly format: DiffRequest['format'];
	readonly view: DiffRequest['views'];
	readonly full: boolean;
	readonly output?: string;
	readonly write: DiffRequest['writes'];
	readonly key: string;
	readonly linkBase?: string;
	readonly sinceComment?: string;
	readonly failOn: FailOn;
	readonly severity: readonly string[];
	readonly onlyAffects: readonly string[];
	readonly maxRemovedPercent: number | null;
	readonly ignore?: string;
	readonly detailedExitcode: boolean;
	readonly strict: boolean;
	readonly kernel: boolean;
}

/**
 * What a command line asks for.
 * @param args all words after `diff`
 * @throws CommandError where its words make no sense together
 */
export function diffRequest(base: string, head: string, options: DiffOptions, args: readonly string[]): DiffRequest {
	if (base === '-' && head === '-') throw new CommandError('only one side can be standard input', EXIT.usage);
	return {
		base,
		baseIsEmpty: false,
		head,
		cluster: options.cluster ?? null,
		choice: { kubeconfig: options.kubeconfig ?? null, context: options.context ?? null },
		network: networkSettings(options, 'missing'),
		format: options.format,
		views: options.view,
		full: options.full,
		output: options.output ?? null,
		writes: options.write,
		key: options.key,
		linkBase: options.linkBase ?? null,
		sinceComment: options.sinceComment ?? null,
		failOn: options.failOn,
		severities: options.severity,
		onlyAffects: options.onlyAffects,
		maxRemovedPercent: options.maxRemovedPercent,
		ignore: options.ignore ?? null,
		detailedExitcode: options.detailedExitcode,
		strict: options.strict,
		kernel: options.kernel,
		args,
	};
}
