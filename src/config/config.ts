import type { Ignores } from '../findings/ignores.ts';
import type { TextPlace } from '../model/problem.ts';
import type { OptionKey } from './shape.ts';

/** What nft-gen.yaml says. */
export interface Config {
	readonly targets: readonly Target[];
}

/** Manifests, mostly those of one cluster, and how changes to them are judged. Paths are as they are written. */
export interface Target {
	readonly name: string;
	readonly path: Written | null;
	readonly cluster: Written | null;
	/** a revision */
	readonly base: string | null;
	readonly ignore: { readonly file: Written } | { readonly entries: Ignores } | null;
	readonly assertions: Written | null;
	/** what the options of commands are to be, where the command line does not say it */
	readonly options: readonly OptionSetting[];
}

/** A text, and where it is written. */
export interface Written {
	readonly text: string;
	readonly place: TextPlace;
}

/** A setting in the words of the option of the same name. */
export interface OptionSetting {
	readonly key: OptionKey;
	/** one for each time the option would be given; true or false for an option without a value */
	readonly value: boolean | readonly string[];
	readonly place: TextPlace;
}
