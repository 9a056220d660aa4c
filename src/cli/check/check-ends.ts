import { InvalidArgumentError } from 'commander';
import type { EndReaders } from '../../check/assertions/assertion.ts';
import { readClient, readDestination } from '../read-ends.ts';

/** Reads both ends of an asserted connection as `trace` reads its options. */
export const END_READERS: EndReaders = {
	client: (text) => orWants(() => readClient(text)),
	destination: (text) => orWants(() => readDestination(text)),
};

function orWants<Name>(read: () => Name): Name | { readonly wants: string } {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof InvalidArgumentError)) throw error;
		return { wants: error.message.replace(/^It wants |\.$/g, '') };
	}
}
